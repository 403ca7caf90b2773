{entity: "org", kind: "file", object: "org",
 id: "id", modified: "modified", uid: "uid",
 deleted: {from: "archived", value: "true"}, merged_into: "merged_into",
 fields: {name: {from: "name", dir: "both"},
   domain: {from: "domain", dir: "both"},
   country: {from: "country", dir: "both"},
   city: {from: "city", dir: "both"},
   parent: {from: "parent", dir: "both"}}}
