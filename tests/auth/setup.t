#!/bin/sh
# SPDX-License-Identifier: MIT
# A fresh account gets the fields our mappings write, once; then the mappings
# hold against it, and what is misspelt is told.
. "${0%/*}/lib.sh"
export CRM_TOKEN_HUBSPOT="$SANDBOX_TOKEN"

mkdir none
cat > none/firm.jq <<'END'
{entity: "firm", fields: {
  name: {type: "text"},
  health_score: {type: "number", scale: 1, history: 6,
                 description: "How well they fare, 0 to 10"},
  risk: {type: "enum", values: ["low", "high"]},
  known: {type: "boolean"}, since: {type: "date"}, seen: {type: "datetime"},
  tags: {type: "set", values: ["a", "b"]}, boss: {type: "ref", to: "firm"},
  note: {type: "text"}}}
END
cat > none/firm.hubspot.jq <<'END'
{entity: "firm", kind: "hubspot", object: "companies", id: "hs_object_id",
 modified: "hs_lastmodifieddate", uid: "crm_uid",
 deleted: {from: "archived", value: "true"},
 fields: {
   name: {from: "name", dir: "both"},
   health_score: {from: "health_score", labels: ["Health"], dir: "push",
                  history: {to: "health_past", join: ", "},
                  trend: "health_trend"},
   risk: {from: "risk_class", dir: "push", enum: {"LOW": "low",
           "HIGH": "high"}},
   known: {from: "is_known", dir: "both"},
   since: {from: "customer_since", dir: "push"},
   seen: {from: "last_seen_at", dir: "push"},
   tags: {from: "firm_tags", dir: "push", split: ";"},
   boss: {from: "boss_uid", dir: "push"},
   note: {from: "description", dir: "pull"}}}
END
names='boss_uid crm_uid customer_since firm_tags health_past health_score
health_trend is_known last_seen_at risk_class'

# made_there: the names of properties somebody added, in order.
made_there() {
	crm-extract hubspot companies --fields | grep '"custom":true' |
		sed 's/.*"name":"\([^"]*\)".*/\1/' | sort
}
# said STATUS FILE: the names with that status, in order.
said() {
	grep "\"status\":\"$1\"" "$2" | sed 's/.*"name":"\([^"]*\)".*/\1/' |
		sort
}
want=$(echo "$names" | tr ' ' '\n')

# ---- a fresh account ----
crm-map --check --live hubspot firm.hubspot > out 2> err
is $? 2 'what lacks is told'
has err 'firm.hubspot: field uid: hubspot has no "crm_uid" in companies; crm-auth setup hubspot makes what lacks' 'with what to do'
crm-auth setup --dry-run hubspot > out 2> err
is $? 0 'a dry run' || note "$(cat err)"
is "$(said lacks out)" "$want" 'says what lacks'
is "$(made_there)" '' 'and makes nothing'
crm-auth setup hubspot > out 2> err
is $? 0 'setup' || note "$(cat err)"
is "$(said made out)" "$want" 'makes what lacks'
is "$(made_there)" "$want" 'and nothing else'
crm-extract hubspot companies --fields > fields
has fields '"name":"crm_uid","label":"Crm uid","holds":"text","native":"string","writable":true,"required":false,"unique":true' 'the uid is unique'
has fields '"name":"health_score","label":"Health","holds":"number"' \
	'a label of the mapping'
has fields '"name":"risk_class","label":"Risk class","holds":"enum","native":"enumeration","writable":true,"required":false,"unique":false,"custom":true,"options":[{"value":"LOW","label":"low"},{"value":"HIGH","label":"high"}]' 'a list with its words there'
has fields '"name":"is_known","label":"Is known","holds":"boolean"' 'a flag'
has fields '"name":"customer_since","label":"Customer since","holds":"date"' \
	'a day'
has fields '"name":"last_seen_at","label":"Last seen at","holds":"datetime"' \
	'an instant'
has fields '"name":"firm_tags","label":"Firm tags","holds":"set"' 'a set'
has fields '"name":"health_trend","label":"Health trend","holds":"enum"' \
	'a trend'
sandbox GET dump > dump
has dump 'How well they fare, 0 to 10' 'with the description'

# ---- again ----
posts=$(sandbox GET log | grep -c '"POST"')
crm-auth setup hubspot firm > out 2> err
is $? 0 'again'
is "$(said there out)" "$want" 'all is there'
is "$(grep -c . out)" 10 'what HubSpot has by itself is not told'
is "$(sandbox GET log | grep -c '"POST"')" "$posts" 'nothing is made'
crm-map --check --live hubspot > out 2> err
is $? 0 'the mappings hold against it' || note "$(cat err)"
has out 'no problem found in hubspot' 'and it says so'
crm-auth test hubspot > out 2> err
is $? 0 'crm-auth test agrees' || note "$(cat err)"

# ---- misspelt ----
sed 's/from: "name"/from: "nmae"/; s/"health_score", l/"helth_score", l/' \
	none/firm.hubspot.jq > firm.hubspot.jq
cp none/firm.hubspot.jq kept.jq
cp firm.hubspot.jq none/firm.hubspot.jq
crm-map --check --live hubspot firm.hubspot > out 2> err
is $? 2 'a misspelt name'
has err 'firm.hubspot: field name: hubspot has no "nmae" in companies (did you mean "name"?)' 'is told with mapping and field, and what was meant'
has err 'field health_score: hubspot has no "helth_score" in companies (did you mean "health_score"?)' 'of our own, too'
sed 's/from: "name"/from: "domian"/' kept.jq > none/firm.hubspot.jq
crm-auth setup hubspot > out 2> err
is $? 2 'setup makes no misspelt name of what HubSpot has'
has err 'domian lacks, and is nearly HubSpot'"'"'s own "domain"' 'and says so'
cp kept.jq none/firm.hubspot.jq

# ---- something else is there ----
# property NAME TYPE FIELD OBJECT: as somebody else makes it.
property() {
	curl -sS -o /dev/null -H "Authorization: Bearer $SANDBOX_TOKEN" \
		-H 'Content-Type: application/json' -d "{\"name\": \"$1\",
		\"label\": \"x\", \"type\": \"$2\", \"fieldType\": \"$3\",
		\"groupName\": \"contactinformation\"}" \
		"$SANDBOX_URL/crm/v3/properties/contacts"
}
property crm_uid string text
property health_score date date
sed 's/companies/contacts/; s/hs_lastm/lastm/; s/"name"/"lastname"/;
	s/"description"/"jobtitle"/' kept.jq > none/firm.hubspot.jq
crm-auth setup hubspot > out 2> err
is $? 2 'a property that is there otherwise'
is "$(said failed out)" 'crm_uid
health_score' 'is told'
is "$(said made out | wc -l)" 8 'the others are made'
has err 'crm_uid is there and takes one value twice' 'not unique'
has err 'health_score is there as date, and number is needed' 'another type'
crm-map --check --live hubspot > out 2> err
is $? 2 'as it is by crm-map'
has err 'two records of hubspot may have the same "crm_uid"' 'not unique'
has err '"health_score" holds date, and number is written there' 'nor so'

# ---- not granted ----
unset CRM_TOKEN_HUBSPOT
login --scope 'oauth crm.objects.deals.read crm.objects.deals.write'
sed 's/companies/deals/; s/"name"/"dealname"/' kept.jq > none/firm.hubspot.jq
crm-auth setup hubspot > out 2> err
is $? 2 'who may not make properties'
has err 'needs crm.schemas.deals.write' 'is told what lacks'
is "$(said failed out)" "$want" 'for each'
crm-auth setup hubspot firm nosuch 2> err
is $? 2 'no such mapping'
crm-auth setup nosuch 2> err
is $? 2 'no such system'
rm none/firm.*
echo '{entity: "stage", fields: {name: {type: "text"}}}' > none/stage.jq
for object in stages/deals pipelines/deals; do
	echo '{entity: "stage", kind: "hubspot", object: "'$object'", id: "id",
		fields: {name: {from: "label", dir: "pull"}}}' \
		> none/stage.hubspot.jq
	crm-auth test hubspot > out 2> err
	is $? 0 "$object may be read" || note "$(cat err)"
	has out '"object":"'$object'","read":true' 'as is told'
done
crm-auth logout hubspot 2> err
crm-auth setup hubspot 2> err
is $? 2 'nobody is logged in'
done_testing
