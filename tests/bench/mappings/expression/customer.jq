# Twelve fields for the benchmarks: an email, a number, a datetime, an enum,
# and eight of plain text.
{entity: "customer", match: [["email"]],
 fields: {
   name:     {type: "text", required: true},
   email:    {type: "email"},
   arr:      {type: "number", scale: 2},
   created:  {type: "datetime"},
   status:   {type: "enum", values: ["active", "channel", "prospect",
                                     "partner", "technology", "other"]},
   street:   {type: "text"},
   city:     {type: "text"},
   country:  {type: "text"},
   postcode: {type: "text"},
   industry: {type: "text"},
   number:   {type: "text"},
   rating:   {type: "text"}}}
