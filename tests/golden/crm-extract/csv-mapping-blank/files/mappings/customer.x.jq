{entity: "customer", kind: "x", object: "rows", id: "Key", blank: "null", null_marker: "n/a", fields: {name: {from: "Name", dir: "both"}, city: {from: "City", dir: "both"}}}
