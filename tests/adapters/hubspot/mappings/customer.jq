{entity: "customer", match: [["domain"]], deletes: "archive",
 fields: {name: {type: "text", required: true, rule: "latest"},
          domain: {type: "text", rule: "latest"},
          employees: {type: "integer", rule: "latest"},
          parent: {type: "ref", to: "customer", rule: "latest"}}}
