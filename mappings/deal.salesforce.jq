# Salesforce opportunities.
# `from` are API names (Data Loader writes them in upper case, which is the
# same); `labels` are those of reports, which have only the day a record was
# created on, and dates in the form of their reader: say which with `date`, in
# a mapping of your own.  CrmUid__c is the external id field that carries this
# application's uid.
{entity: "deal", kind: "salesforce", object: "Opportunity",
 id: {from: "Id", labels: ["Opportunity ID"]},
 modified: "SystemModstamp",
 uid: "CrmUid__c",
 deleted: {from: "IsDeleted", value: "true"},
 fields: {
   name:          {from: "Name", labels: ["Opportunity Name"], dir: "both",
                   max_length: 120},
   amount:        {from: "Amount", dir: "both"},
   currency:      {from: "CurrencyIsoCode",
                   labels: ["Opportunity Currency", "Amount Currency"],
                   dir: "pull"},
   stage:         {from: "StageName", labels: ["Stage"], dir: "both",
                   max_length: 255},
   probability:   {from: "Probability", labels: ["Probability (%)"],
                   dir: "both"},
   close_date:    {from: "CloseDate", labels: ["Close Date"], dir: "both"},
   type:          {from: "Type", labels: ["Opportunity Type"], dir: "both",
                   max_length: 255},
   source:        {from: "LeadSource", labels: ["Lead Source"], dir: "both",
                   max_length: 255},
   next_step:     {from: "NextStep", labels: ["Next Step"], dir: "both",
                   max_length: 255},
   closed:        {from: "IsClosed", labels: ["Closed"], dir: "pull"},
   won:           {from: "IsWon", labels: ["Won"], dir: "pull"},
   description:   {from: "Description", dir: "both", max_length: 32000},
   customer:      {from: "AccountId", labels: ["Account ID"], dir: "both"},
   contact:       {from: "ContactId", labels: ["Contact ID"], dir: "pull"},
   owner:         {from: "OwnerId",
                   labels: ["Opportunity Owner ID", "Owner ID"], dir: "both"},
   last_activity: {from: "LastActivityDate", labels: ["Last Activity"],
                   dir: "pull"},
   created:       {from: "CreatedDate", dir: "pull"}}}
