{entity: "land", kind: "file", object: "land",
 id: "id", modified: "modified", uid: "uid",
 fields: {name: {from: "name", dir: "both"}}}
