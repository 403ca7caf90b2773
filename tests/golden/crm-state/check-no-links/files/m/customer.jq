{entity: "customer", fields: {name: {type: "text", rule: "latest"}, city: {type: "text", rule: "manual"}}}
