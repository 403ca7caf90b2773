{entity: "person", deletes: "archive",
 fields: {name: {type: "text", rule: "latest"},
          boss: {type: "ref", to: "person", rule: "latest"}}}
