# customer.jq
{entity: "customer", match: [["name"]],
 fields: {name: {type: "text", required: true, rule: "latest"},
          tier: {type: "enum", values: ["gold", "other"]},
          since: {type: "date", rule: "min"}}}
