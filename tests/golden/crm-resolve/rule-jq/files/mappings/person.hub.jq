{entity: "person", kind: "file", object: "people",
 id: "id", modified: "modified", uid: "uid",
 fields: {name: {from: "name", dir: "both"}, score: {from: "score", dir: "both"},
   tier: {from: "tier", dir: "both"}, note: {from: "note", dir: "both"},
   boss: {from: "boss", dir: "both"}}}
