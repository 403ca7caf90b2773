{entity: "contact", kind: "file", object: "contact",
 id: "id", modified: "modified", uid: "uid",
 deleted: {from: "archived", value: "true"},
 fields: {name: {from: "name", dir: "both"},
   email: {from: "email", dir: "both"}}}
