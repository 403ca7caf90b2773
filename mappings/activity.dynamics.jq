# Dynamics 365 tasks.  What one is about (regarding) may be anything and so
# refers to nothing here.
# `from` are logical names (lookups as the Web API reads them: _x_value),
# `labels` the headers of exports.  Exports write times in the user's zone
# and format: set `zone` and `date` to what they are when they differ.
{entity: "activity", kind: "dynamics", object: "tasks",
 id: {from: "activityid", labels: ["(Do Not Modify) Task", "Task"]},
 modified: {from: "modifiedon",
            labels: ["(Do Not Modify) Modified On", "Modified On"],
            date: ["%m/%d/%Y %I:%M %p", "%m/%d/%Y %H:%M:%S"], zone: "UTC"},
 uid: "crm_uid",
 zone: "UTC",
 fields: {
   subject:     {from: "subject", dir: "both", max_length: 400},
   status:      {from: "statecode", labels: ["Activity Status"], dir: "pull",
                 enum: {"0": "Open", "1": "Completed", "2": "Canceled",
                 "Open": "Open", "Completed": "Completed",
                 "Canceled": "Canceled"}},
   priority:    {from: "prioritycode", labels: ["Priority"], dir: "both",
                 enum: {"0": "low", "1": "normal", "2": "high", "Low": "low",
                 "Normal": "normal", "High": "high"}},
   due:         {from: "scheduledend", labels: ["Due Date"], dir: "both",
                 date: ["%Y-%m-%d", "%m/%d/%Y"]},
   start:       {from: "scheduledstart", labels: ["Start Date"], dir: "both",
                 date: ["%Y-%m-%dT%H:%M:%S%z", "%m/%d/%Y %I:%M %p", "%m/%d/%Y %H:%M:%S"]},
   end:         {from: "actualend", labels: ["Actual End"], dir: "pull",
                 date: ["%m/%d/%Y %I:%M %p", "%m/%d/%Y %H:%M:%S"]},
   description: {from: "description", dir: "both", max_length: 2000},
   owner:       {from: "_ownerid_value", labels: ["Owner ID"], dir: "both"},
   created:     {from: "createdon", labels: ["Created On"], dir: "pull",
                 date: ["%m/%d/%Y %I:%M %p", "%m/%d/%Y %H:%M:%S"]}}}
