{entity: "person", kind: "file", object: "person",
 id: "id", modified: "modified", uid: "uid",
 fields: {name: {from: "name", dir: "both"}, score: {from: "score", dir: "both"},
   low: {from: "low", dir: "both"}}}
