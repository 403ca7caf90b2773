{entity: "customer", kind: "file", object: "customer", id: "id", modified: "modified", uid: "uid",
 deleted: {from: "archived", value: "true"},
 fields: {name: {from: "name", dir: "both"}, city: {from: "city", dir: "both"}}}
