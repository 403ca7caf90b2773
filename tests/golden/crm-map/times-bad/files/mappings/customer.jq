{entity: "customer", fields: {name: {type: "text"}}}
