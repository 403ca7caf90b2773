{entity: "customer", fields: {name: {type: "text", rule: "latest"}}}
