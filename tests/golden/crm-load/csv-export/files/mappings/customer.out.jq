{entity: "customer", kind: "csv", object: "customers", id: "Id", uid: "Uid",
 fields: {name: {from: "Name", dir: "push"}, city: {from: "City", dir: "push"},
          arr: {from: "Arr", dir: "push"}}}
