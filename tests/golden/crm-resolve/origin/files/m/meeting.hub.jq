{entity: "meeting", kind: "file", object: "meeting",
 id: "id", modified: "modified", uid: "uid",
 fields: {subject: {from: "subject", dir: "both"},
   source: {from: "source", dir: "push"}}}
