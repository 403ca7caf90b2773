{entity: "person", kind: "file", object: "people",
 id: "id", modified: "modified", uid: "uid",
 fields: {name: {from: "name", dir: "both"},
   score: {from: "score", dir: "both", history: "last_scores", trend: "score_trend"},
   low: {from: "low", dir: "push", history: {to: "lows", join: " > "},
         write: "\"\\(.) of \\($history | map(.value) | max)\""}}}
