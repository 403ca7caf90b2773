{entity: "contact", fields: {name: {type: "text", rule: "latest"}, company: {type: "ref", to: "customer", rule: "latest"}, boss: {type: "ref", to: "contact", rule: "latest"}}}
