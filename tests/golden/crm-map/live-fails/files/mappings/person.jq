{entity: "person", fields: {name: {type: "text"}}}
