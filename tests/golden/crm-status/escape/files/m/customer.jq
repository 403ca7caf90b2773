{entity: "customer", fields: {name: {type: "text", rule: "latest"},
 "<b>&\"\\": {type: "text", rule: "manual"}}}
