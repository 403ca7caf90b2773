{entity: "customer", fields: {name: {type: "text", max_length: 5}, tier: {type: "enum"}, sum: {type: "number"}}}
