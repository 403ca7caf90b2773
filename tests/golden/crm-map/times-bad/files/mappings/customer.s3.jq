{entity: "customer", kind: "s3", object: "o", id: "id",
 fields: {name: {from: "n", dir: "both", time: {from: "At", format: "%Y"}}}}
