{entity: "land", deletes: "delete",
 fields: {name: {type: "text", required: true, rule: "latest"}}}
