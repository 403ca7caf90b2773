{entity: "customer", kind: "csv", object: "clients", id: "id",
 fields: {tier: {from: "tier", dir: "both", enum: {A: "gold", B: "gold", C: "tin"}},
          since: {from: "since", dir: "both", examples: ["24.12.2019"]},
          code: {from: "code", dir: "both", read: "ascii_downcase", write: "ascii_upcase + \"!\"", examples: ["AB"]}}}
