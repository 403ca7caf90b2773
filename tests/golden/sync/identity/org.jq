# Matched by domain, then by name and country.
{entity: "org", deletes: "archive",
 match: [["domain"], ["name", "country"]],
 fields: {
   name:    {type: "text", required: true, rule: "latest"},
   domain:  {type: "text", rule: "latest"},
   country: {type: "text", rule: {prefer: ["hub"]}},
   city:    {type: "text", rule: "latest"},
   parent:  {type: "ref", to: "org", rule: "latest"}}}
