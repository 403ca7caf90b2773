{entity: "customer", kind: "hubspot", object: "companies",
 id: "hs_object_id", uid: "crm_uid",
 fields: {name: {from: "name", dir: "both"},
          health: {from: "health_score", dir: "push"}}}
