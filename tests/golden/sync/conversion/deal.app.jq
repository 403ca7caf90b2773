{entity: "deal", kind: "file", object: "deal",
 id: "id", modified: "modified", uid: "uid",
 deleted: {from: "archived", value: "true"},
 fields: {name: {from: "name", dir: "both"},
   contact: {from: "contact", dir: "both"},
   lead: {from: "lead", dir: "both"}}}
