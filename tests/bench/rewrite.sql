-- The twelve-field rewrite of mappings/; `source` has the columns as text.
-- DuckDB's words; sqlite.sql has SQLite's.
SELECT Id AS id, SystemModstamp AS modified, {
  name: nullif(Name, ''), email: nullif(lower(trim(Email__c)), ''),
  arr: TRY_CAST(nullif(AnnualRevenue, '') AS DECIMAL(18, 2)),
  created: strftime(CAST(CreatedDate AS TIMESTAMP), '%Y-%m-%dT%H:%M:%S.%gZ'),
  status: CASE Type WHEN 'Customer - Direct' THEN 'active'
    WHEN 'Customer - Channel' THEN 'channel' WHEN 'Prospect' THEN 'prospect'
    WHEN 'Channel Partner / Reseller' THEN 'partner'
    WHEN 'Technology Partner' THEN 'technology' WHEN 'Other' THEN 'other' END,
  street: nullif(BillingStreet, ''), city: nullif(BillingCity, ''),
  country: nullif(BillingCountry, ''), postcode: nullif(BillingPostalCode, ''),
  industry: nullif(Industry, ''), number: nullif(AccountNumber, ''),
  rating: nullif(Rating, '')} AS fields
FROM source
