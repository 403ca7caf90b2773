{entity: "customer", kind: "file", object: "customer",
 id: "id", modified: "modified", uid: "uid",
 fields: {name: {from: "name"}, email: {from: "email"}, arr: {from: "arr"},
   created: {from: "created"}, status: {from: "status"},
   street: {from: "street"}, city: {from: "city"}, country: {from: "country"},
   postcode: {from: "postcode"}, industry: {from: "industry"},
   number: {from: "number"}, rating: {from: "rating"}}}
