{entity: "customer", fields: {name: {type: "text", rule: "latest"},
 city: {type: "text", rule: "manual"},
 crm_url: {type: "url", derive: "crm_url:hub"},
 last_synced_at: {type: "datetime", derive: "last_synced_at"},
 sync_status: {type: "text", derive: "sync_status"}}}
