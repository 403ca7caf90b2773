{entity: "lead", kind: "file", object: "lead",
 id: "id", modified: "modified", uid: "uid",
 deleted: {from: "archived", value: "true"},
 converted: {from: "status", value: "converted", into: {contact: "contact", deal: "deal"}},
 fields: {name: {from: "name", dir: "both"},
   email: {from: "email", dir: "both"},
   phone: {from: "phone", dir: "both"},
   converted: {from: "converted", dir: "both"},
   contact: {from: "contact", dir: "both"}}}
