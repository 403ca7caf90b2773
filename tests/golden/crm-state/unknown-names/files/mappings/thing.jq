{entity: "thing", fields: {name: {type: "text"}}}
