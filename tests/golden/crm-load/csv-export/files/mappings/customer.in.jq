{entity: "customer", kind: "in", object: "rows", id: "Id",
 fields: {name: {from: "Name", dir: "pull"}, city: {from: "City", dir: "pull"},
          arr: {from: "Arr", dir: "pull"}}}
