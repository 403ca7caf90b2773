{entity: "person",
 fields: {
   name:  {type: "text", required: true, rule: "latest"},
   score: {type: "integer", history: 3, rule: "latest"},
   low:   {type: "number", history: 4, rule: "latest"}}}
