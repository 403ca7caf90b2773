{entity: "person", kind: "file", object: "person", id: "id", modified: "modified", uid: "uid",
 deleted: {from: "archived", value: "true"},
 fields: {name: {from: "name", dir: "both"}, mail: {from: "mail", dir: "both"},
   phone: {from: "phone", dir: "both"}, note: {from: "note", dir: "both"},
   score: {from: "score", dir: "both"}, boss: {from: "boss", dir: "both"}}}
