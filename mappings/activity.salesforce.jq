# Salesforce tasks.  WhatId may be an account, a deal or something else and
# so refers to nothing here; WhoId may be a lead where leads are used.
# `from` are API names (Data Loader writes them in upper case, which is the
# same); `labels` are those of reports, which have only the day a record was
# created on, and dates in the form of their reader: say which with `date`, in
# a mapping of your own.  CrmUid__c is the external id field that carries this
# application's uid.
{entity: "activity", kind: "salesforce", object: "Task",
 id: {from: "Id", labels: ["Activity ID"]},
 modified: "SystemModstamp",
 uid: "CrmUid__c",
 deleted: {from: "IsDeleted", value: "true"},
 fields: {
   subject:     {from: "Subject", dir: "both", max_length: 255},
   kind:        {from: "TaskSubtype", labels: ["Task Subtype"], dir: "pull",
                 enum: {"Task": "task", "Call": "call", "Email": "email",
                 "ListEmail": "list_email", "Cadence": "cadence"}},
   status:      {from: "Status", dir: "both", max_length: 255},
   priority:    {from: "Priority", dir: "both",
                 enum: {"High": "high", "Normal": "normal", "Low": "low"}},
   due:         {from: "ActivityDate",
                 labels: ["Due Date", "Due Date Only", "Date"], dir: "both"},
   done:        {from: "IsClosed", labels: ["Closed"], dir: "pull"},
   description: {from: "Description", labels: ["Full Comments", "Comments"],
                 dir: "both", max_length: 32000},
   customer:    {from: "AccountId", labels: ["Account ID"], dir: "pull"},
   contact:     {from: "WhoId", labels: ["Name ID"], dir: "both"},
   owner:       {from: "OwnerId", labels: ["Assigned To ID"], dir: "both"},
   created:     {from: "CreatedDate", dir: "pull"}}}
