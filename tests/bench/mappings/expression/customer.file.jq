{entity: "customer", kind: "file", object: "customer",
 id: "id", modified: "modified", uid: "uid",
 fields: {name: {from: "name", dir: "both"}, email: {from: "email", dir: "both"}, arr: {from: "arr", dir: "both"},
   created: {from: "created", dir: "both"}, status: {from: "status", dir: "both"},
   street: {from: "street", dir: "both"}, city: {from: "city", dir: "both"}, country: {from: "country", dir: "both"},
   postcode: {from: "postcode", dir: "both"}, industry: {from: "industry", dir: "both"},
   number: {from: "number", dir: "both"}, rating: {from: "rating", dir: "both"}}}
