{entity: "person",
 fields: {
   name:  {type: "text", required: true, rule: "latest"},
   score: {type: "integer", rule: {jq: "map(.value // 0) | add"}},
   tier:  {type: "enum", values: ["A", "B"],
           rule: {jq: "map(select(.agreed | not).value) | sort | last"}},
   note:  {type: "text", rule: {jq: "if any(.[]; .value == \"bad\") then error(\"no\") else map(\"\\(.system) was \\(.was) at \\(.time)\") | join(\"; \") end"}},
   boss:  {type: "ref", to: "person", rule: {jq: "map(select(.value.uid)) | .[0].value"}}}}
