{entity: "person",
 fields: {
   name:  {type: "text", required: true, rule: "latest"},
   score: {type: "integer", rule: {command: ["./decide", "1"]}},
   low:   {type: "integer", rule: {command: ["./decide", "2"]}},
   note:  {type: "text", rule: {command: ["./decide", "1"]}}}}
