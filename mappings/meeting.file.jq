# The application's own store: canonical names, as they are.
{entity: "meeting", kind: "file", object: "meeting",
 id: "id", modified: "modified", uid: "uid",
 deleted: {from: "archived", value: "true"}, merged_into: "merged_into",
 fields: {
   subject:     {from: "subject", dir: "both"},
   start:       {from: "start", dir: "both"},
   end:         {from: "end", dir: "both"},
   outcome:     {from: "outcome", dir: "both"},
   description: {from: "description", dir: "both"},
   notes:       {from: "notes", dir: "both"},
   location:    {from: "location", dir: "both"},
   url:         {from: "url", dir: "both"},
   customer:    {from: "customer", dir: "both"},
   contact:     {from: "contact", dir: "both"},
   deal:        {from: "deal", dir: "both"},
   owner:       {from: "owner", dir: "both"},
   source:      {from: "source", dir: "push"},
   created:     {from: "created", dir: "both"}}}
