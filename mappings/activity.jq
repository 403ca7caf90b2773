# An activity: something to do: a task.  What happens at a time with people
# is a meeting or a call, what is written an email or a note: entities of
# their own, as systems keep them apart.  Pipedrive does not: there all but
# notes are activities.
# One that two systems show is one: it has the same subject, day, and contact,
# customer or deal.  `source` is the system it was entered in first.
{entity: "activity",
 match: [["subject", "due", "contact"], ["subject", "due", "customer"],
         ["subject", "due", "deal"]],
 deletes: "archive",
 fields: {
   subject:     {type: "text", rule: "latest"},
   kind:        {type: "enum", rule: "latest"},
   status:      {type: "enum", rule: "latest"},
   priority:    {type: "enum", rule: "latest"},
   due:         {type: "date", rule: "latest"},
   start:       {type: "datetime", rule: "latest"},
   end:         {type: "datetime", rule: "latest"},
   done:        {type: "boolean", rule: "latest"},
   description: {type: "text", rule: "latest"},
   location:    {type: "text", rule: "latest"},
   customer:    {type: "ref", to: "customer", rule: "latest"},
   contact:     {type: "ref", to: "contact", rule: "latest"},
   deal:        {type: "ref", to: "deal", rule: "latest"},
   owner:       {type: "ref", to: "user", rule: "latest"},
   source:      {type: "text", derive: "origin"},
   created:     {type: "datetime", rule: "min"}}}
