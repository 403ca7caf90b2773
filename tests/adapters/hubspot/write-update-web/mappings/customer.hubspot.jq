{entity: "customer", kind: "hubspot", object: "companies",
 id: "hs_object_id", modified: "hs_lastmodifieddate", uid: "crm_uid",
 fields: {name: {from: "name", dir: "both"},
          site: {from: "website", dir: "both"}}}
