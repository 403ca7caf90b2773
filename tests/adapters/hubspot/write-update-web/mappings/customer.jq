{entity: "customer", match: [["site"]], deletes: "archive",
 fields: {name: {type: "text", required: true, rule: "latest"},
          site: {type: "url", rule: "latest"}}}
