# HubSpot owners (not users: records carry the owner's id): read only.
{entity: "user", kind: "hubspot", object: "owners",
 id: {from: "id", labels: ["Owner ID", "User ID"]},
 modified: "updatedAt",
 deleted: {from: "archived", value: "true"},
 zone: "UTC",
 fields: {
   first_name: {from: "firstName", labels: ["First Name"], dir: "pull"},
   last_name:  {from: "lastName", labels: ["Last Name"], dir: "pull"},
   email:      {from: "email", labels: ["Email Address"], dir: "pull"},
   created:    {from: "createdAt", labels: ["Created"], dir: "pull"}}}
