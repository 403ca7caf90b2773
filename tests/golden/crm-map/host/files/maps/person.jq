{entity: "person", fields: {domain: {type: "text"}}}
