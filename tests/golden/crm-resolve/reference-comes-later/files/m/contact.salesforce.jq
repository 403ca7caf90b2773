{entity: "contact", kind: "salesforce", object: "Contact", id: "Id",
 fields: {name: {from: "Name", dir: "both"}, company: {from: "AccountId", dir: "both"}, boss: {from: "ReportsToId", dir: "both"}}}
