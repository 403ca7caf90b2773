{entity: "contact", kind: "file", object: "contact", id: "id", modified: "modified", uid: "uid",
 fields: {name: {from: "name", dir: "both"}, company: {from: "company", dir: "both"}, boss: {from: "boss", dir: "both"}}}
