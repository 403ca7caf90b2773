{entity: "customer", kind: "file", object: "clients", id: "Id",
 modified: "Changed", zone: "UTC",
 fields: {name: {from: "Name", time: "NameChangedAt", dir: "both"},
   city: {from: ["Town", "Address.City"], dir: "pull"},
   tier: {from: "Tier", dir: "both",
          time: {from: "Audit.Tier", labels: ["Tier changed"],
                 date: "%d.%m.%Y %H:%M", zone: "+01:00"}},
   note: {from: "Note", dir: "both", time: "NoteAt", on_misfit: "null"},
   since: {from: "Since", dir: "both"}}}
