{entity: "firm", fields: {name: {type: "text"}, domain: {type: "text"}, owner: {type: "ref", to: "firm"},
  customer: {type: "ref", to: "firm"}, description: {type: "text"}, created: {type: "datetime"}}}
