# Matched by domain, then by likeness.
{entity: "org", deletes: "archive",
 match: [["domain"]],
 similar: {same: 12, review: 0,
   fields: {name: "company", domain: "domain", country: "country",
            city: "city"}},
 fields: {
   name:    {type: "text", required: true, rule: "latest"},
   domain:  {type: "text", rule: "latest"},
   country: {type: "text", rule: {prefer: ["hub"]}},
   city:    {type: "text", rule: "latest"},
   parent:  {type: "ref", to: "org", rule: "latest"}}}
