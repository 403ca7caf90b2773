{entity: "b", kind: "csv", object: "bs", id: "id",
 fields: {a: {from: "a", dir: "both"}, b: {from: "b", dir: "both"}}}
