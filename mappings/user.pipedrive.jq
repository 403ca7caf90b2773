# Pipedrive users (API v1): read only.  Times are UTC.
{entity: "user", kind: "pipedrive", object: "users",
 id: {from: "id", labels: ["User - ID"]},
 modified: {from: "modified", labels: ["User - Modified"]},
 zone: "UTC",
 fields: {
   name:    {from: "name", labels: ["User - Name"], dir: "pull"},
   email:   {from: "email", labels: ["User - Email"], dir: "pull"},
   phone:   {from: "phone", labels: ["User - Phone"], dir: "pull"},
   active:  {from: "active_flag", labels: ["User - Active"], dir: "pull"},
   created: {from: "created", labels: ["User - Created"], dir: "pull"}}}
