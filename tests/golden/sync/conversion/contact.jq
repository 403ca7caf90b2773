# What a lead becomes.
{entity: "contact", match: [["email"]],
 fields: {name: {type: "text", rule: "latest"},
   email: {type: "email", rule: "latest"}}}
