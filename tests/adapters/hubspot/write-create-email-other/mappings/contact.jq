{entity: "contact", fields: {email: {type: "email"}}}
