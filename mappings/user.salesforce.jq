# Salesforce users: read only.
# `from` are API names (Data Loader writes them in upper case, which is the
# same); `labels` are those of reports.
{entity: "user", kind: "salesforce", object: "User",
 id: {from: "Id", labels: ["User ID"]},
 modified: "SystemModstamp",
 fields: {
   name:       {from: "Name", labels: ["Full Name"], dir: "pull"},
   first_name: {from: "FirstName", labels: ["First Name"], dir: "pull"},
   last_name:  {from: "LastName", labels: ["Last Name"], dir: "pull"},
   email:      {from: "Email", dir: "pull"},
   username:   {from: "Username", dir: "pull"},
   title:      {from: "Title", dir: "pull"},
   department: {from: "Department", dir: "pull"},
   phone:      {from: "Phone", dir: "pull"},
   mobile:     {from: "MobilePhone", labels: ["Mobile Phone", "Mobile"],
                dir: "pull"},
   active:     {from: "IsActive", labels: ["Active"], dir: "pull"},
   created:    {from: "CreatedDate", dir: "pull"}}}
