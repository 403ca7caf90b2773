# Dynamics 365 users: read only.
# `from` are logical names (lookups as the Web API reads them: _x_value),
# `labels` the headers of exports.  Exports write times in the user's zone
# and format: set `zone` and `date` to what they are when they differ.
{entity: "user", kind: "dynamics", object: "systemusers",
 id: {from: "systemuserid", labels: ["(Do Not Modify) User", "User ID"]},
 modified: {from: "modifiedon",
            labels: ["(Do Not Modify) Modified On", "Modified On"],
            date: ["%m/%d/%Y %I:%M %p", "%m/%d/%Y %H:%M:%S"], zone: "UTC"},
 zone: "UTC",
 fields: {
   name:       {from: "fullname", labels: ["Full Name"], dir: "pull"},
   first_name: {from: "firstname", labels: ["First Name"], dir: "pull"},
   last_name:  {from: "lastname", labels: ["Last Name"], dir: "pull"},
   email:      {from: "internalemailaddress", labels: ["Primary Email"],
                dir: "pull"},
   username:   {from: "domainname", labels: ["User Name"], dir: "pull"},
   title:      {from: "title", dir: "pull"},
   phone:      {from: "address1_telephone1", labels: ["Main Phone"],
                dir: "pull"},
   mobile:     {from: "mobilephone", labels: ["Mobile Phone"], dir: "pull"},
   active:     {from: "isdisabled", labels: ["Status"], dir: "pull",
                enum: {"true": "false", "false": "true", "Enabled": "true",
                "Disabled": "false"}},
   created:    {from: "createdon", labels: ["Created On"], dir: "pull",
                date: ["%m/%d/%Y %I:%M %p", "%m/%d/%Y %H:%M:%S"]}}}
