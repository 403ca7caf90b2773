{entity: "person", kind: "file", object: "person", id: "id",
 modified: "modified", uid: "uid", deleted: {from: "archived", value: "true"},
 fields: {name: {from: "name", dir: "both"}, boss: {from: "boss", dir: "both"}}}
