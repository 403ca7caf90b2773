{entity: "person", kind: "file", object: "person",
 id: "id", modified: "modified", uid: "uid",
 fields: {name: {from: "name", dir: "both"}, city: {from: "city", dir: "both"},
   tier: {from: "tier", dir: "both"}, score: {from: "score", dir: "both"},
   low: {from: "low", dir: "both"}, bio: {from: "bio", dir: "both"},
   boss: {from: "boss", dir: "both"}, note: {from: "note", dir: "both"}}}
