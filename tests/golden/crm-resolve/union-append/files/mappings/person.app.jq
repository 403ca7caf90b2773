{entity: "person", kind: "file", object: "person",
 id: "id", modified: "modified", uid: "uid",
 fields: {name: {from: "name", dir: "both"}, tags: {from: "tags", dir: "both"},
   keys: {from: "keys", dir: "both"}, log: {from: "log", dir: "both"}}}
