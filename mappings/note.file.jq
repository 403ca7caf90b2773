# The application's own store: canonical names, as they are.
{entity: "note", kind: "file", object: "note",
 id: "id", modified: "modified", uid: "uid",
 deleted: {from: "archived", value: "true"}, merged_into: "merged_into",
 fields: {
   body:     {from: "body", dir: "both"},
   start:    {from: "start", dir: "both"},
   customer: {from: "customer", dir: "both"},
   contact:  {from: "contact", dir: "both"},
   deal:     {from: "deal", dir: "both"},
   owner:    {from: "owner", dir: "both"},
   source:   {from: "source", dir: "push"},
   created:  {from: "created", dir: "both"}}}
