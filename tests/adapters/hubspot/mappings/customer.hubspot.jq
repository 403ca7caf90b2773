{entity: "customer", kind: "hubspot", object: "companies",
 id: "hs_object_id", modified: "hs_lastmodifieddate", uid: "crm_uid",
 deleted: {from: "archived", value: "true"}, merged_into: "merged_into",
 fields: {name: {from: "name", dir: "both"},
          domain: {from: "domain", dir: "both"},
          employees: {from: "numberofemployees", dir: "both"}}}
