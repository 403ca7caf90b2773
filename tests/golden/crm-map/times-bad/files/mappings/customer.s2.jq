{entity: "customer", kind: "s2", object: "o", id: "id",
 fields: {name: {from: "n", dir: "both", time: ""}}}
