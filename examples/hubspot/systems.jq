# .crm/systems.jq: the application's store, and HubSpot.  Log in with
# crm-auth login hubspot, or give a private app's token in CRM_TOKEN_HUBSPOT.
# `url` makes the addresses that crm-state show and links print.
{app: {kind: "file", path: "app"},
 hubspot: {kind: "hubspot", enabled: true,
           url: "https://app.hubspot.com/contacts/PORTAL/{object}/{id}"}}
