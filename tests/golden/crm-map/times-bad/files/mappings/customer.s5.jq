{entity: "customer", kind: "s5", object: "o", id: "id",
 fields: {name: {from: "n", dir: "both", time: ["At", "Then"]}}}
