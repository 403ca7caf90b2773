{entity: "meeting", match: [["subject"]],
 fields: {subject: {type: "text", rule: "latest"},
   source: {type: "text", derive: "origin"}}}
