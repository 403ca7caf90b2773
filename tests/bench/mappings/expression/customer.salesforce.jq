{entity: "customer", kind: "salesforce", object: "Account",
 id: "Id", modified: "SystemModstamp",
 fields: {
   name:     {from: "Name", dir: "pull", read: "split(\" \") | join(\"_\")"},
   email:    {from: "Email__c", dir: "both"},
   arr:      {from: "AnnualRevenue", dir: "both"},
   created:  {from: "CreatedDate", dir: "both"},
   status:   {from: "Type", dir: "both", enum: {
     "Customer - Direct": "active", "Customer - Channel": "channel",
     "Prospect": "prospect", "Channel Partner / Reseller": "partner",
     "Technology Partner": "technology", "Other": "other"}},
   street:   {from: "BillingStreet", dir: "both"},
   city:     {from: "BillingCity", dir: "both"},
   country:  {from: "BillingCountry", dir: "both"},
   postcode: {from: "BillingPostalCode", dir: "both"},
   industry: {from: "Industry", dir: "both"},
   number:   {from: "AccountNumber", dir: "both"},
   rating:   {from: "Rating", dir: "both"}}}
