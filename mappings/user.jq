# A user: somebody who works in the systems and owns records there.
{entity: "user",
 match: [["email"]],
 deletes: "archive",
 fields: {
   name:       {type: "text", rule: "latest"},
   first_name: {type: "text", rule: "latest"},
   last_name:  {type: "text", rule: "latest"},
   email:      {type: "email", rule: "latest"},
   username:   {type: "text", rule: "latest"},
   title:      {type: "text", rule: "latest"},
   department: {type: "text", rule: "latest"},
   phone:      {type: "phone", rule: "latest"},
   mobile:     {type: "phone", rule: "latest"},
   active:     {type: "boolean", rule: "latest"},
   created:    {type: "datetime", rule: "min"}}}
