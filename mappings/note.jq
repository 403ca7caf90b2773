# A note on somebody or something.  One that two systems show is one: it was
# written at the same second, says the same, and is on the same contact,
# customer or deal.
# `source` is the system it was entered in first.
{entity: "note",
 match: [["start", "body", "contact"], ["start", "body", "customer"],
         ["start", "body", "deal"]],
 deletes: "archive",
 fields: {
   body:     {type: "text", rule: "latest"},
   start:    {type: "datetime", required: true, rule: "latest"},
   customer: {type: "ref", to: "customer", rule: "latest"},
   contact:  {type: "ref", to: "contact", rule: "latest"},
   deal:     {type: "ref", to: "deal", rule: "latest"},
   owner:    {type: "ref", to: "user", rule: "latest"},
   source:   {type: "text", derive: "origin"},
   created:  {type: "datetime", rule: "min"}}}
