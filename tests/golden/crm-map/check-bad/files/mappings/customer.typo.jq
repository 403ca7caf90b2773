{entity: "customer", kind: "csv", object: "clients", id: "id",
 fields: {name: {from: "name", dir: "both", lables: ["Name"]}}}
