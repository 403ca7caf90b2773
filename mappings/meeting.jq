# A meeting.  One that two systems show is one: it starts at the same second,
# has the same subject, and the same contact, customer or owner.
# `source` is the system it was entered in first.
{entity: "meeting",
 match: [["start", "subject", "contact"], ["start", "subject", "customer"],
         ["start", "subject", "deal"], ["start", "subject", "owner"]],
 deletes: "archive",
 fields: {
   subject:     {type: "text", rule: "latest"},
   start:       {type: "datetime", required: true, rule: "latest"},
   end:         {type: "datetime", rule: "latest"},
   outcome:     {type: "enum", rule: "latest"},
   description: {type: "text", rule: "latest"},
   notes:       {type: "text", rule: "latest"},
   location:    {type: "text", rule: "latest"},
   url:         {type: "url", rule: "latest"},
   customer:    {type: "ref", to: "customer", rule: "latest"},
   contact:     {type: "ref", to: "contact", rule: "latest"},
   deal:        {type: "ref", to: "deal", rule: "latest"},
   owner:       {type: "ref", to: "user", rule: "latest"},
   source:      {type: "text", derive: "origin"},
   created:     {type: "datetime", rule: "min"}}}
