{entity: "meeting", fields: {title: {type: "text"}, start: {type: "datetime"},
  size: {type: "integer"}}}
