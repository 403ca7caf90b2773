# The twelve-field rewrite of mappings/, as jq and gojq say it.
def blank: if . == "" then null else . end;
{"Customer - Direct": "active", "Customer - Channel": "channel",
 "Prospect": "prospect", "Channel Partner / Reseller": "partner",
 "Technology Partner": "technology", "Other": "other"} as $status
| {id: .Id, modified: .SystemModstamp, fields: {
    name: (.Name | blank),
    email: (.Email__c | ascii_downcase | gsub("^\\s+|\\s+$"; "") | blank),
    arr: (.AnnualRevenue | if . == "" then null else tonumber end),
    created: (.CreatedDate
      | (.[0:19] + "Z" | fromdateiso8601 | todateiso8601 | .[0:19])
        + .[19:]),
    status: $status[.Type],
    street: (.BillingStreet | blank), city: (.BillingCity | blank),
    country: (.BillingCountry | blank),
    postcode: (.BillingPostalCode | blank), industry: (.Industry | blank),
    number: (.AccountNumber | blank), rating: (.Rating | blank)}}
