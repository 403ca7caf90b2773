{entity: "customer", kind: "s1", object: "o", id: "id",
 fields: {name: {from: "n", dir: "push", time: "At"}}}
