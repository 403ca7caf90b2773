{entity: "contact", kind: "hubspot", object: "contacts",
 id: "hs_object_id", modified: "lastmodifieddate", uid: "crm_uid",
 fields: {email: {from: "email", dir: "both"},
          first_name: {from: "firstname", dir: "both"},
          customer: {from: "association:companies", dir: "both"},
          deals: {from: "associations:deals", dir: "pull"}}}
