{entity: "person", kind: "csv", object: "rows", id: "Id",
 fields: {domain: {from: "Web", host: true, dir: "pull"}}}
