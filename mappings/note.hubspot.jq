# HubSpot notes: HTML.
# `from` are internal property names, `labels` the headers of exports.
# Exports write times in the account's zone without saying so: set `zone` to
# what that is when it is not UTC (the API always says Z).
{entity: "note", kind: "hubspot", object: "notes",
 id: {from: "hs_object_id", labels: ["Record ID", "id"]},
 modified: {from: "hs_lastmodifieddate", labels: ["Last Modified Date"]},
 uid: "crm_uid",
 deleted: {from: "archived", value: "true"},
 zone: "UTC",
 fields: {
   body:        {from: "hs_note_body", labels: ["Note body"], dir: "both",
                 max_length: 65536},
   start:       {from: "hs_timestamp", labels: ["Activity date"],
                 dir: "both"},
   customer:    {from: "association:companies",
                 labels: ["Associated Company IDs"], dir: "both"},
   contact:     {from: "association:contacts",
                 labels: ["Associated Contact IDs"], dir: "both"},
   deal:        {from: "association:deals",
                 labels: ["Associated Deal IDs"], dir: "both"},
   owner:       {from: "hubspot_owner_id", labels: ["Assigned to ID",
                 "Activity assigned to ID"], dir: "both"},
   source:      {from: "activity_source", dir: "push"},
   created:     {from: "hs_createdate", labels: ["Create Date"],
                 dir: "pull"}}}
