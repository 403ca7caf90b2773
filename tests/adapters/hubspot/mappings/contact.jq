{entity: "contact", match: [["email"]], deletes: "archive",
 fields: {email: {type: "email", rule: "latest"},
          first_name: {type: "text", rule: "latest"},
          customer: {type: "ref", to: "customer", rule: "latest"},
          deals: {type: "json", rule: "latest"}}}
