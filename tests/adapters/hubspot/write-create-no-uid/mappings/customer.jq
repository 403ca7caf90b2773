{entity: "customer",
 fields: {name: {type: "text", required: true}, health: {type: "integer"}}}
