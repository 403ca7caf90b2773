{entity: "contact", kind: "hubspot", object: "contacts",
 id: "hs_object_id", uid: "crm_uid",
 fields: {email: {from: "email", dir: "both"},
          phone: {from: "phone", dir: "both"},
          met: {from: "met", dir: "both"},
          born: {from: "born", dir: "both"},
          seats: {from: "seats", dir: "both"},
          tags: {from: "tags", dir: "both", split: ";"},
          city: {from: "city", dir: "both"}}}
