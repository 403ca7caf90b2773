{entity: "firm",
 fields: {name: {type: "text", required: true, max_length: 80},
          domain: {type: "text"}, score: {type: "number", history: 3},
          since: {type: "datetime"}, tier: {type: "enum", values: ["gold", "base"]},
          kind: {type: "enum"}, tags: {type: "set", values: ["a", "b"]},
          public: {type: "boolean"}, owner: {type: "ref", to: "person"},
          size: {type: "integer"}, note: {type: "text"}, stage: {type: "enum", values: ["New", "Won"]}}}
