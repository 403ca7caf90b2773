{entity: "customer", kind: "csv", object: "clients", id: "id",
 fields: {name: {from: "name", dir: "both", on_misfit: "truncate"},
          tier: {from: "tier", dir: "pull", enum: {A: "gold"}, else: "other"},
          sum: {from: "sum", dir: "both", on_misfit: "null"}}}
