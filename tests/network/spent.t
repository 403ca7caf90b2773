#!/bin/sh
# SPDX-License-Identifier: MIT
# The day's calls end before or while a load is written: nothing is lost,
# nothing is there twice, the next day it goes on.
export RECORDS=0
. "${0%/*}/lib.sh"
PATH=$TREE/pipelines:$PATH

few
at 2026-11-20T12:00:00Z
systems ', app: {kind: "file", path: "app"}' ', reserve: 0'
sandbox POST edit '{"type":"companies","create":{"name":"Old","domain":"old.test"}}' \
	> /dev/null
curl -sS -H "Authorization: Bearer $SANDBOX_TOKEN" \
	-H 'Content-Type: application/json' -d '{"groupName":
	"companyinformation", "name": "crm_uid", "label": "uid",
	"type": "string", "fieldType": "text", "hasUniqueValue": true}' \
	"$SANDBOX_URL/crm/v3/properties/companies" > made
# firms FROM TO: more of them in the store
firms() {
	seq "$1" "$2" | sed 's/.*/{"id":"&","name":"Firm &","city":"Ulm"}/' \
		>> app/customer.ndjson
}
# there: how many of them HubSpot has, and how many of different names
there() {
	sandbox GET dump | grep -o '"name": "Firm [0-9]*"' > names
	echo "$(wc -l < names) $(sort -u names | wc -l)"
}
sync() {
	sync-two-way.sh app hubspot > out 2> err
}

mkdir -p app
firms 1 900
sync # what is new waits for a reading of HubSpot that covers the time since
at 2026-11-20T12:10:00Z
crm-extract -q hubspot companies --limit 1 > first
sandbox PUT faults lag=0,daily-left=8 > /dev/null
sync
is $? 3 'more than the day has left is not begun'
has err 'hubspot: writing: 11 calls, more than the ' 'that is said'
has err 'there are more at 2026-11-21T05:00:00.000Z: nothing is begun' \
	'and when there are more'
is "$(there)" '0 0' 'nothing was written'
crm-status --json > status
has status '"released":900' 'all of it is pending'

at 2026-11-21T05:00:00Z
sandbox PUT faults lag=0 > /dev/null
sync
is $? 0 'the next day it is' || note "$(cat err)"
is "$(there)" '900 900' 'all of it, once'
at 2026-11-21T06:00:00Z
firms 901 1700
sync
is $? 0 'it comes back' || note "$(cat err)"

# a day has not so many calls at all
at 2026-11-22T05:00:00Z
sandbox PUT faults lag=0,daily=7 > /dev/null
sync
is $? 3 'a day that ends midway'
has err 'writing takes about 16 calls, more than the ' 'was said before'
has err 'more than a day has: it will go on tomorrow' 'and is begun'
has err 'the calls of this day are spent' 'is said'
there > now
read -r some different < now
[ "$some" -gt 900 ] && [ "$some" -lt 1700 ] && [ "$some" -eq "$different" ]
ok $? "part of it is written ($some)"
crm-status --json > status
has status "\"unknown\":0," 'nothing is in doubt'
sync
is "$? $(there)" "3 $some $some" 'on that day nothing more is'

at 2026-11-23T05:00:00Z
sandbox PUT faults lag=0 > /dev/null
sync
is $? 0 'the next day it goes on' || note "$(cat err)"
is "$(there)" '1700 1700' 'all of it, once'
crm-state check > checked
is $? 0 'the state is sound'
done_testing
