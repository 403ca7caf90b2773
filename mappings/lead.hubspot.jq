# HubSpot leads: each stands on a contact, whose name and address it shows.
# One without a contact is refused there.  Stages are internal names.
# `from` are internal property names, `labels` the headers of exports.
# Exports write times in the account's zone without saying so: set `zone` to
# what that is when it is not UTC (the API always says Z).
{entity: "lead", kind: "hubspot", object: "leads",
 id: {from: "hs_object_id", labels: ["Record ID", "id"]},
 modified: {from: "hs_lastmodifieddate", labels: ["Last Modified Date"]},
 uid: "crm_uid",
 deleted: {from: "archived", value: "true"}, merged_into: "merged_into",
 zone: "UTC",
 fields: {
   name:       {from: "hs_lead_name", labels: ["Lead Name"], dir: "both"},
   first_name: {from: "hs_associated_contact_firstname",
                labels: ["Associated Contact First Name"], dir: "pull"},
   last_name:  {from: "hs_associated_contact_lastname",
                labels: ["Associated Contact Last Name"], dir: "pull"},
   email:      {from: "hs_associated_contact_email",
                labels: ["Associated Contact Email"], dir: "pull"},
   company:    {from: "hs_associated_company_name",
                labels: ["Associated Company Name"], dir: "pull"},
   status:     {from: "hs_pipeline_stage",
                labels: ["Lead pipeline stage", "Lead Stage"], dir: "both"},
   rating:     {from: "hs_lead_label", labels: ["Lead Label"], dir: "both",
                enum: {"HOT": "hot", "WARM": "warm", "COLD": "cold"}},
   customer:   {from: "association:companies",
                labels: ["Primary Associated Company ID"], dir: "both"},
   contact:    {from: "association:contacts",
                labels: ["Primary Associated Contact ID"], dir: "both"},
   source:     {from: "hs_lead_source", labels: ["Lead Source"], dir: "pull"},
   owner:      {from: "hubspot_owner_id", labels: ["Lead owner ID"],
                dir: "both"},
   created:    {from: "hs_createdate", labels: ["Create Date"], dir: "pull"}}}
