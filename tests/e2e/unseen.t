#!/bin/sh
# SPDX-License-Identifier: MIT
# Somebody edits a field between our reading and our writing of another one.
# The version our write gets covers that edit, which nobody has read: neither a
# later write nor a deletion may take it for known.
. "${0%/*}/../lib.sh"
. "$TREE/tests/golden/sync/sync.sh"
CRM_MAPPINGS=$TREE/tests/golden/sync/mappings

# only_app HH:MM: a sync in which the hub is not read.
only_app() {
	at "$1"
	app | crm-diff | crm-resolve person > plan.ndjson
	crm-load hub < plan.ndjson > receipts
}
city() {
	sed -n '/"name":"Ann/s/.*"city":"\([^"]*\)".*/\1/p' "$1"
}
# Ann is renamed here, and moves there, unseen, before that is written.
begin() {
	rm -rf .crm app hub
	two
	at 12:59
	edit app/person.ndjson 1 's/"name":"Ann"/"name":"Anna"/'
	at 13:00
	plan > plan.ndjson
	edit hub/people.ndjson '[^"]*1' 's/Bonn/Rome/'
	crm-load hub < plan.ndjson > receipts
	has receipts '"status":"done"' 'the other field is written'
	is "$(city hub/people.ndjson)" Rome 'beside the edit'
}

begin
edit app/person.ndjson 1 's/Bonn/Oslo/'
only_app 13:15
has receipts '"status":"stale"' 'a later write of the edited field is stale'
is "$(city hub/people.ndjson)" Rome 'the edit stands'
at 13:30
sync > out
at 13:45
sync > out
is "$(city app/person.ndjson) $(city hub/people.ndjson)" 'Rome Rome' \
    'its rule decides once it has been read'
has plan.ndjson '"count":0' 'at rest'

begin
drop app/person.ndjson 1
only_app 13:15
has receipts '"status":"stale"' 'a deletion waits'
is "$(city hub/people.ndjson)" Rome 'the record stands'
at 13:30
sync > out
crm-load app --pending > receipts
crm-load hub --pending >> receipts
at 13:45
sync > out
is "$(city app/person.ndjson) $(city hub/people.ndjson)" 'Rome Rome' \
    'the edit beats the deletion'
has plan.ndjson '"count":0' 'at rest'

begin
at 13:05
edit hub/people.ndjson '[^"]*1' 's/Rome/Bonn/'
drop app/person.ndjson 1
only_app 13:15
has receipts '"status":"stale"' 'a deletion waits for the reading'
at 13:30
{ app | crm-diff; hub | crm-diff; } | crm-resolve person > plan.ndjson
crm-load hub --pending > receipts
has receipts '"op":"archive"' 'nothing was edited: it is deleted'
has receipts '"status":"done"' 'as it was decided'
done_testing
