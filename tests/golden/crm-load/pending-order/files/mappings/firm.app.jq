{entity: "firm", kind: "file", object: "firm",
 id: "id", modified: "modified", uid: "uid",
 fields: {name: {from: "name", dir: "both"}, head: {from: "head", dir: "both"}}}
