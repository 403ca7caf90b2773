{entity: "contact", kind: "hubspot", object: "contacts",
 id: "hs_object_id",
 fields: {email: {from: "email", dir: "both"}}}
