{entity: "customer",
 fields: {name: {type: "text", required: true, rule: {prefer: ["acme", "nobody"]}},
          tier: {type: "enum", values: ["gold", "silver"]},
          since: {type: "date"},
          code: {type: "text"},
          boss: {type: "ref", to: "ghost"}}}
