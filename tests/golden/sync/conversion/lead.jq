# A lead; CONVERTS is what a case asks for.
{entity: "lead", converts: "CONVERTS", match: [["email"]],
 fields: {name: {type: "text", rule: "latest"},
   email: {type: "email", rule: "latest"},
   phone: {type: "text", rule: "latest"},
   converted: {type: "boolean", rule: "latest"},
   contact: {type: "ref", to: "contact", rule: "latest"}}}
