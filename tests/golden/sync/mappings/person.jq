# An entity with a field for each rule.
{entity: "person", deletes: "archive",
 fields: {
   name:  {type: "text", required: true, rule: "latest"},
   city:  {type: "text", rule: {prefer: ["hub"]}},
   tier:  {type: "text", rule: "manual"},
   score: {type: "integer", rule: "max"},
   low:   {type: "integer", rule: "min"},
   bio:   {type: "text", rule: "longest"},
   boss:  {type: "ref", to: "person", rule: "latest"},
   note:  {type: "text", rule: "latest"}}}
