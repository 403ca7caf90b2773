{entity: "customer", kind: "salesforce", object: "Account", id: "Id", modified: "Modified",
 fields: {name: {from: "Name", dir: "both"}, city: {from: "City", dir: "both"}}}
