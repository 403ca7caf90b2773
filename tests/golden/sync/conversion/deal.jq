{entity: "deal",
 fields: {name: {type: "text", rule: "latest"},
   contact: {type: "ref", to: "contact", rule: "latest"},
   lead: {type: "ref", to: "lead", rule: "latest"}}}
