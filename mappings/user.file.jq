# The application's own store: canonical names, as they are.
{entity: "user", kind: "file", object: "user",
 id: "id", modified: "modified", uid: "uid",
 deleted: {from: "archived", value: "true"}, merged_into: "merged_into",
 fields: {
   name:       {from: "name", dir: "both"},
   first_name: {from: "first_name", dir: "both"},
   last_name:  {from: "last_name", dir: "both"},
   email:      {from: "email", dir: "both"},
   username:   {from: "username", dir: "both"},
   title:      {from: "title", dir: "both"},
   department: {from: "department", dir: "both"},
   phone:      {from: "phone", dir: "both"},
   mobile:     {from: "mobile", dir: "both"},
   active:     {from: "active", dir: "both"},
   created:    {from: "created", dir: "both"}}}
