{entity: "a", fields: {b: {type: "ref", to: "b", required: true}, a: {type: "ref", to: "a"}}}
