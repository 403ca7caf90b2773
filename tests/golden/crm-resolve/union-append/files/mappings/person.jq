{entity: "person",
 fields: {
   name: {type: "text", required: true, rule: "latest"},
   tags: {type: "set", rule: "union"},
   keys: {type: "text", rule: {union: ", "}},
   log:  {type: "text", rule: "append"}}}
