# An email, as a system keeps it: outgoing, incoming or forwarded.  One that
# two systems show is one: it has the same message id, or was sent at the same
# second under the same subject to the same contact, customer or deal.
# `source` is the system it was entered in first.
{entity: "email",
 match: [["message_id"], ["start", "subject", "contact"],
         ["start", "subject", "customer"], ["start", "subject", "deal"]],
 deletes: "archive",
 fields: {
   subject:     {type: "text", rule: "latest"},
   start:       {type: "datetime", required: true, rule: "latest"},
   direction:   {type: "enum", required: true, rule: "latest"},
   status:      {type: "enum", rule: "latest"},
   text:        {type: "text", rule: "latest"},
   html:        {type: "text", rule: "latest"},
   headers:     {type: "text", rule: "latest"},
   from:        {type: "text", rule: "latest"},
   to:          {type: "text", rule: "latest"},
   message_id:  {type: "text", rule: "latest"},
   customer:    {type: "ref", to: "customer", rule: "latest"},
   contact:     {type: "ref", to: "contact", rule: "latest"},
   deal:        {type: "ref", to: "deal", rule: "latest"},
   owner:       {type: "ref", to: "user", rule: "latest"},
   source:      {type: "text", derive: "origin"},
   created:     {type: "datetime", rule: "min"}}}
