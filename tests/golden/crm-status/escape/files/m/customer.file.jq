{entity: "customer", kind: "file", object: "customer", id: "id",
 modified: "modified", uid: "uid",
 fields: {name: {from: "name", dir: "both"},
  "<b>&\"\\": {from: "city", dir: "both"}}}
