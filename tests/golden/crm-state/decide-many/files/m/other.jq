{entity: "other", fields: {name: {type: "text"}}}
