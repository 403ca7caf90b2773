{entity: "meeting", kind: "csv", object: "meetings", id: "id",
 fields: {title: {from: "title", dir: "both"},
   start: {from: ["s", "t"], also: "t", dir: "both"},
   size: {from: "size", also: "head\"s", dir: "push"}}}
