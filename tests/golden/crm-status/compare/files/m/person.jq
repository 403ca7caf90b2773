{entity: "person", match: [["mail"]],
 fields: {name: {type: "text", rule: "latest"},
   mail: {type: "email", rule: "latest"}, phone: {type: "phone", rule: "latest"},
   note: {type: "text", rule: "latest"}, score: {type: "number", scale: 2},
   boss: {type: "ref", to: "person"}}}
