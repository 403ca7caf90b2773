{entity: "customer", fields: {
   name: {type: "text"}, city: {type: "text"}, tier: {type: "text"},
   note: {type: "text"}, since: {type: "date"}}}
