{entity: "customer", kind: "s4", object: "o", id: "id",
 fields: {name: {from: "n", dir: "both", time: {from: "At", date: "%H"}}}}
