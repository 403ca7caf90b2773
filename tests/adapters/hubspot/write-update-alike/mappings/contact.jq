{entity: "contact",
 fields: {email: {type: "email"}, phone: {type: "phone"},
          met: {type: "datetime"}, born: {type: "date"},
          seats: {type: "number"}, tags: {type: "set"},
          city: {type: "text"}}}
