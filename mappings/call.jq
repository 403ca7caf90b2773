# A call.  One that two systems show is one: it began at the same second, with
# the same contact, or with one subject and the same customer or owner.
# `source` is the system it was entered in first.
{entity: "call",
 match: [["start", "contact"], ["start", "subject", "customer"],
         ["start", "subject", "deal"], ["start", "subject", "owner"]],
 deletes: "archive",
 fields: {
   subject:     {type: "text", rule: "latest"},
   start:       {type: "datetime", required: true, rule: "latest"},
   duration_ms: {type: "integer", rule: "latest"},
   direction:   {type: "enum", rule: "latest"},
   status:      {type: "enum", rule: "latest"},
   outcome:     {type: "enum", rule: "latest"},
   description: {type: "text", rule: "latest"},
   from:        {type: "phone", rule: "latest"},
   to:          {type: "phone", rule: "latest"},
   customer:    {type: "ref", to: "customer", rule: "latest"},
   contact:     {type: "ref", to: "contact", rule: "latest"},
   deal:        {type: "ref", to: "deal", rule: "latest"},
   owner:       {type: "ref", to: "user", rule: "latest"},
   source:      {type: "text", derive: "origin"},
   created:     {type: "datetime", rule: "min"}}}
