{entity: "customer", kind: "salesforce", object: "Account", id: "Id",
 fields: {name: {from: "Name", dir: "both"}}}
