# Sorts before the entity it refers to.
{entity: "contact", deletes: "delete",
 fields: {name: {type: "text", required: true, rule: "latest"},
   firm: {type: "ref", to: "firm", rule: "latest"}}}
