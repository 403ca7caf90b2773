{entity: "customer", match: [["name"]],
 fields: {name: {type: "text"}, city: {type: "text"}, arr: {type: "number"}}}
