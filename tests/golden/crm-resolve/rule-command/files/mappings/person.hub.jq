{entity: "person", kind: "file", object: "people",
 id: "id", modified: "modified", uid: "uid",
 fields: {name: {from: "name", dir: "both"}, score: {from: "score", dir: "both"},
   low: {from: "low", dir: "both"}, note: {from: "note", dir: "both"}}}
