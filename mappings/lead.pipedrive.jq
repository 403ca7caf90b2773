# Pipedrive leads (API v1): a title on a person or an organization.
# `from` are the names of API v2, `labels` the headers of exports.  Times are
# UTC.
{entity: "lead", kind: "pipedrive", object: "leads",
 id: {from: "id", labels: ["Lead - ID"]},
 modified: {from: "update_time", labels: ["Lead - Update time"]},
 uid: "crm_uid",
 deleted: {from: "is_deleted", value: "true"},
 zone: "UTC",
 fields: {
   name:     {from: "title", labels: ["Lead - Title"], dir: "both"},
   company:  {from: "organization_name", labels: ["Lead - Organization"],
              dir: "pull"},
   amount:   {from: "value.amount", labels: ["Lead - Value"], dir: "pull"},
   currency: {from: "value.currency",
              labels: ["Lead - Currency of Value", "Lead - Value currency"],
              dir: "pull"},
   source:   {from: "source_name", labels: ["Lead - Source"], dir: "pull"},
   customer: {from: "organization_id", labels: ["Lead - Organization ID"],
              dir: "both"},
   contact:  {from: "person_id",
              labels: ["Lead - Person ID", "Lead - Contact person ID"],
              dir: "both"},
   owner:    {from: "owner_id", labels: ["Lead - Owner ID"], dir: "both"},
   created:  {from: "add_time", labels: ["Lead - Lead created"], dir: "pull"}}}
