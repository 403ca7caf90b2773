{entity: "customer", kind: "file", object: "customer", id: "id", modified: "modified", uid: "uid",
 deleted: {from: "archived", value: "true"},
 fields: {name: {from: "name", dir: "both"}, city: {from: "city", dir: "both"},
  crm_url: {from: "crmUrl", dir: "push"}, sync_status: {from: "syncStatus", dir: "push"},
  last_synced_at: {from: "lastSyncedAt", dir: "push"}}}
