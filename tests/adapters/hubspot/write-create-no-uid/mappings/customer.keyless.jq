{entity: "customer", kind: "hubspot", object: "companies",
 id: "hs_object_id",
 fields: {name: {from: "name", dir: "both"}}}
