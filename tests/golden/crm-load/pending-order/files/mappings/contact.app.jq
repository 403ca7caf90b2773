{entity: "contact", kind: "file", object: "contact",
 id: "id", modified: "modified", uid: "uid",
 fields: {name: {from: "name", dir: "both"}, firm: {from: "firm", dir: "both"}}}
