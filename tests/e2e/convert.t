#!/bin/sh
# SPDX-License-Identifier: MIT
# A lead that Salesforce converts, by the mappings that come with this: exports
# of Salesforce, and two stores that keep leads, customers, contacts and deals.
. "${0%/*}/../lib.sh"
crm-state -q init
cat > .crm/systems.jq <<'END'
{salesforce: {}, app: {kind: "file", path: "app"},
 desk: {kind: "file", path: "desk"}}
END
mkdir desk
for entity in lead customer contact deal; do
	: > "app/$entity.ndjson"
	: > "desk/$entity.ndjson"
done
printf '%s\n' Id,Name,SystemModstamp > Account.csv
printf '%s\n' Id,LastName,Email,AccountId,SystemModstamp > Contact.csv
printf '%s\n' Id,Name,AccountId,SystemModstamp > Opportunity.csv
lead=Id,LastName,Company,Email,Phone,Status,IsConverted,ConvertedAccountId
lead=$lead,ConvertedContactId,ConvertedOpportunityId,SystemModstamp

# export_of OBJECT ENTITY: what Salesforce gave.
export_of() {
	crm-extract csv "$1.csv" -s salesforce -o "$1" --full \
	    -m "$2.salesforce" | crm-map "$2.salesforce" | crm-diff
}
changes() {
	export_of Lead lead
	export_of Account customer
	export_of Contact contact
	export_of Opportunity deal
	for system in app desk; do
		for entity in lead customer contact deal; do
			crm-extract --full "$system" "$entity" \
			    -m "$entity.$system" |
			    crm-map "$entity.$system" | crm-diff
		done
	done
}
# synced HH:MM: a whole run; what a loader could not send is pending.
synced() {
	CRM_NOW=2026-11-20T$1:00Z
	export CRM_NOW
	changes > changes
	crm-resolve < changes > plan 2> errors
	status=$?
	for system in app desk; do
		crm-load "$system" < plan > "receipts.$system" 2>> errors
		crm-load "$system" --pending >> "receipts.$system" 2>> errors
	done
	return $status
}
# of SYSTEM LEAD MEMBER: what a store's lead shows.
of() {
	grep "\"last_name\":\"$2\"" "$1/lead.ndjson" |
	    sed -n "s/.*\"$3\":\"\{0,1\}\([^\",}]*\).*/\1/p"
}
count() { grep -c . "$1"; }

cat > Lead.csv <<END
$lead
00Q1,Ann,Acme,ann@acme.com,,New,false,,,,2026-11-19T10:00:00Z
00Q2,Bob,Best,bob@best.com,,New,false,,,,2026-11-19T10:00:00Z
00Q3,Cy,Core,cy@core.com,,Qualified,true,001C,003C,,2026-11-18T10:00:00Z
END
echo 001C,Core,2026-11-18T10:00:00Z >> Account.csv
echo 003C,Cy,cy@core.com,001C,2026-11-18T10:00:00Z >> Contact.csv
synced 12:00
synced 12:01
synced 12:02
is "$(count app/lead.ndjson) $(count desk/lead.ndjson)" '2 2' \
	'what was converted before is created nowhere'
is "$(count app/contact.ndjson) $(count desk/customer.ndjson)" '1 1' \
	'what it became is'

cat > Lead.csv <<END
$lead
00Q1,Ann,Acme,ann@acme.com,,Qualified,true,001A,003A,006A,2026-11-20T12:05:00Z
00Q2,Bob,Best,bob@best.com,,New,false,,,,2026-11-19T10:00:00Z
00Q3,Cy,Core,cy@core.com,,Qualified,true,001C,003C,,2026-11-18T10:00:00Z
END
synced 12:10
is "$(of app Ann converted)" false 'what it became was not read: it waits'
crm-state todo > todo
has todo 'converted into a record that is not known' 'on the list'
echo 001A,Acme,2026-11-20T12:05:00Z >> Account.csv
echo 003A,Ann,ann@acme.com,001A,2026-11-20T12:05:00Z >> Contact.csv
echo 006A,Acme,001A,2026-11-20T12:05:00Z >> Opportunity.csv
synced 12:20
synced 12:21
synced 12:22
is "$(crm-state todo)" '' 'it was read: nothing waits'
for system in app desk; do
	is "$(of $system Ann converted) $(of $system Ann status)" \
		'true Qualified' "$system is told that it was converted"
	for one in customer:Account:001A contact:Contact:003A \
	    deal:Opportunity:006A; do
		is "$(of $system Ann "${one%%:*}")" "salesforce:${one#*:}" \
			"and into which ${one%%:*}"
	done
	for entity in customer contact; do
		is "$(count $system/$entity.ndjson)" 2 "each $entity once"
	done
	is "$(count $system/deal.ndjson)" 1 'each deal once'
done
crm-state show salesforce:Lead:00Q1 > shown
has shown '"converted_into":{"salesforce":{"customer":"salesforce:Account:' \
	'crm-state show says what it became'
is "$(crm-state conflicts)" '' 'nobody has to decide anything'

sed -i '/"Ann"/{s/"title":"[^"]*",//;s/"last_name"/"title":"CEO",&/
s/"modified":"[^"]*"/"modified":"2026-11-20T12:30:00Z"/;}' app/lead.ndjson
synced 12:31
ok $? 'app edits its lead'
is "$(of desk Ann title)" CEO 'desk is told'
is "$(grep -c '"type":"operation"' plan)" 1 'and nobody else'
synced 12:32
ok $? 'again'
! grep -q '"type":"operation"' plan
ok $? 'there is nothing to do'

sed '/00Q1/d' Lead.csv > rest && mv rest Lead.csv
synced 12:40
is "$(of app Ann converted)" true 'that it is no longer listed says nothing'
! grep -q '"archived":true' app/lead.ndjson desk/lead.ndjson
ok $? 'nothing is archived'
crm-state check > /dev/null
ok $? 'the state is sound'
done_testing
