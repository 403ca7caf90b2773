{entity: "customer", kind: "salesforce", object: "Account",
 id: "Id", modified: "SystemModstamp",
 fields: {
   name:     {from: "Name"},
   email:    {from: "Email__c"},
   arr:      {from: "AnnualRevenue"},
   created:  {from: "CreatedDate"},
   status:   {from: "Type", enum: {
     "Customer - Direct": "active", "Customer - Channel": "channel",
     "Prospect": "prospect", "Channel Partner / Reseller": "partner",
     "Technology Partner": "technology", "Other": "other"}},
   street:   {from: "BillingStreet"},
   city:     {from: "BillingCity"},
   country:  {from: "BillingCountry"},
   postcode: {from: "BillingPostalCode"},
   industry: {from: "Industry"},
   number:   {from: "AccountNumber"},
   rating:   {from: "Rating"}}}
