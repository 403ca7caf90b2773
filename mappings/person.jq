# A person as registers have them: an address in parts, a date of birth, a
# number.  For people at customers see contact.jq.
{entity: "person",
 match: [["national_id"], ["email"]],
 similar: {same: 12, review: 0,
   fields: {given_name: "given", family_name: "family", birthdate: "date",
            national_id: "id", email: "email", phone: "phone",
            street_number: "number", street: "street", street_2: "street",
            city: "city", postal_code: "code", state: "region",
            country: "country"}},
 fields: {
   given_name:    {type: "text", rule: "latest"},
   family_name:   {type: "text", rule: "latest"},
   birthdate:     {type: "text", rule: "latest"},
   national_id:   {type: "text", rule: "latest"},
   email:         {type: "email", rule: "latest"},
   phone:         {type: "phone", rule: "latest"},
   street_number: {type: "text", rule: "latest"},
   street:        {type: "text", rule: "latest"},
   street_2:      {type: "text", rule: "latest"},
   city:          {type: "text", rule: "latest"},
   postal_code:   {type: "text", rule: "latest"},
   state:         {type: "text", rule: "latest"},
   country:       {type: "text", rule: "latest"}}}
