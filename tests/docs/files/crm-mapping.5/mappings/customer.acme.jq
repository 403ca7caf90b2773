# customer.acme.jq
{entity: "customer", kind: "csv", object: "clients", id: "no",
 fields: {name: {from: ["first", "last"], join: " ", dir: "pull"},
          tier: {from: "class", dir: "pull", else: "other",
                 enum: {"A": "gold"}},
          since: {from: "since", dir: "both", date: "%d.%m.%Y",
                  examples: ["24.12.2019"]}}}
