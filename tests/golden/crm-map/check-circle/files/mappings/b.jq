{entity: "b", fields: {a: {type: "ref", to: "a", required: true}, b: {type: "ref", to: "b", required: true}}}
