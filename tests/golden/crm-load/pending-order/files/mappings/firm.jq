{entity: "firm", deletes: "delete",
 fields: {name: {type: "text", required: true, rule: "latest"},
   head: {type: "ref", to: "land", rule: "latest"}}}
