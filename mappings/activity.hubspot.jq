# HubSpot tasks.
# `from` are internal property names, `labels` the headers of exports.
# Exports write times in the account's zone without saying so: set `zone` to
# what that is when it is not UTC (the API always says Z).
{entity: "activity", kind: "hubspot", object: "tasks",
 id: {from: "hs_object_id", labels: ["Record ID", "id"]},
 modified: {from: "hs_lastmodifieddate", labels: ["Last Modified Date"]},
 uid: "crm_uid",
 deleted: {from: "archived", value: "true"},
 zone: "UTC",
 fields: {
   subject:     {from: "hs_task_subject", labels: ["Task Title"], dir: "both"},
   kind:        {from: "hs_task_type", labels: ["Task Type"], dir: "both",
                 enum: {"TODO": "task", "CALL": "call", "EMAIL": "email"}},
   status:      {from: "hs_task_status", labels: ["Task Status"], dir: "both",
                 enum: {"NOT_STARTED": "Not Started",
                 "COMPLETED": "Completed", "IN_PROGRESS": "In Progress",
                 "WAITING": "Waiting on someone else", "DEFERRED": "Deferred"}},
   priority:    {from: "hs_task_priority", labels: ["Priority"], dir: "both",
                 enum: {"HIGH": "high", "MEDIUM": "normal", "LOW": "low",
                 "NONE": "none"}},
   due:         {from: "hs_timestamp", labels: ["Due date"], dir: "both"},
   description: {from: "hs_task_body", labels: ["Task Notes", "Notes"],
                 dir: "both", max_length: 65536},
   owner:       {from: "hubspot_owner_id", labels: ["Assigned to ID"],
                 dir: "both"},
   created:     {from: "hs_createdate", labels: ["Create Date"], dir: "pull"}}}
