#!/bin/sh
# SPDX-License-Identifier: MIT
# What makes a system be read completely again: another mapping, another
# scope, a line nobody could read, a record that could not be decided, a gap.
. "${0%/*}/../lib.sh"
. "$TREE/tests/golden/sync/sync.sh"
mkdir maps
cp "$TREE"/tests/golden/sync/mappings/*.jq maps
CRM_MAPPINGS=$WORK/maps

# As a pipeline reads them: with the cursor.
app() { crm-extract app person -m person.app | crm-map person.app; }
hub() { crm-extract hub people -m person.hub | crm-map person.hub; }

# settle: files that were changed this very moment are no checkpoint.
settle() {
	sleep 0.2
}

round() {
	at "$1"
	sync > made 2> err
	settle
}

mode() { # SYSTEM OBJECT: how it would be read now
	crm-extract "$1" "$2" -m "person.$1" 2> said |
		sed -n 's/.*"mode":"\([a-z]*\)".*/\1/p'
}

start() {
	rm -rf .crm app hub
	home
	cat > app/person.ndjson <<-'END'
	{"id":"1","name":"Ann","note":"a","modified":"2026-10-19T10:00:00Z"}
	{"id":"2","name":"Bob","note":"b","modified":"2026-10-19T10:00:00Z"}
	{"id":"3","name":"Cid","modified":"2026-10-19T10:00:00Z"}
	END
	: > hub/people.ndjson
	settle
	round 10:00
	round 10:01
	round 10:02
}

# ---- another mapping ----

start
is "$(mode app person) $(mode hub people)" 'delta delta' \
	'what did not change is not read again'
is "$(cat made)" '' 'and nothing is to be done'
sed -i 's/from: "boss", dir: "both"}/&, note: {from: "remark", dir: "push"}/' \
	maps/person.hub.jq
is "$(mode hub people)" full 'with another mapping it is'
has said 'the mapping changed: all is read again' 'which is said'
round 11:00
is "$(cat made)" 'hub app:person:1 update: done
hub app:person:2 update: done' 'a newly pushed field is filled in everywhere'
is "$(grep -c '"remark":' hub/people.ndjson)" 2 'in records nobody touched'
round 11:01
is "$(cat made)" '' 'once'
is "$(mode hub people)" delta 'and the cursor counts again'
sed -i 's/tier: {from: "tier", dir: "both"}/tier: {from: "note", dir: "pull"}/
	s/note: {from: "note", dir: "both"}/note: {from: "note", dir: "push"}/
	' maps/person.app.jq
round 11:02
is "$(grep -c '"tier":' hub/people.ndjson)" 2 'a newly pulled field, too'
round 11:03
is "$(cat made)" '' 'once'
cp "$TREE"/tests/golden/sync/mappings/*.jq maps

# A listing that is no whole one does not stand for the mapping.
start
sed -i 's/from: "boss", dir: "both"}/&, note: {from: "remark", dir: "push"}/' \
	maps/person.hub.jq
at 11:00
hub | sed '1s/"mode":"full"/"mode":"delta"/' | crm-diff |
	crm-resolve person > plan.ndjson
is "$(grep -c '"op":"update"' plan.ndjson)" 0 'a delta fills nothing'
is "$(mode hub people)" full 'and the next one is read completely'
round 11:01
is "$(grep -c '"remark":' hub/people.ndjson)" 2 'which does'
cp "$TREE"/tests/golden/sync/mappings/*.jq maps

# ---- another scope ----

start
at 12:00
drop app/person.ndjson 3
app > stream 2> err
sed '1s/"scope":"[^"]*"/"scope":"0123"/' stream | crm-diff > changes
grep -q '"op":"delete"' changes
is $? 1 'another scope: what it lacks is not gone'
crm-resolve person < changes > plan.ndjson
settle
is "$(mode app person)" full 'all is read again'
has said 'what is selected changed' 'which is said'
app 2> err | crm-diff > changes
is "$(grep -c '"op":"delete"' changes)" 1 'in the former scope it is gone'

# ---- what nobody could read ----

start
echo '{"id":' >> app/person.ndjson
settle
round 12:00
has err 'line 4: byte 7: the text ends early' 'a bad line is said'
is "$(mode app person)" full 'the cursor does not pass it'
round 12:01
grep -q 'line 4' err
ok $? 'it is said again' || sed 's/^/# /' err
sed -i 4d app/person.ndjson
settle
round 12:02
is "$(mode app person)" delta 'until it is mended'
at 12:10
edit app/person.ndjson 1 's/Ann/Anna/'
app > stream
sed 's/^{"type":"record".*Anna.*/broken/' stream > broken
crm-diff < broken 2> err > changes
has changes '"unreadable":true' 'crm-diff passes on that it lost one'
crm-resolve person < changes > plan.ndjson
settle
is "$(mode app person)" full 'crm-resolve keeps the cursor back'
round 12:11
has hub/people.ndjson Anna 'so that nothing is lost'

# ---- what could not be decided ----

start
at 12:10
edit app/person.ndjson 1 's/Ann/Anna/'
app | crm-diff | sed 's/"name":{"old":"Ann","new"/"nonsense":{"new"/' |
	crm-resolve person > plan.ndjson 2> err
is $? 1 'a change that cannot be decided is rejected'
settle
is "$(mode app person)" full 'and read again'
round 12:11
has hub/people.ndjson Anna 'so that nothing is lost'
round 12:12
is "$(mode app person)" delta 'once it was taken, the cursor counts again'
at 12:20
edit app/person.ndjson 1 's/Anna/Anne/'
app | crm-diff |
	sed 's/"modified":"[^"]*","version"/"modified":"soon","version"/' |
	crm-resolve person > plan.ndjson 2> err
is $? 1 'nor can one without a time'
settle
is "$(mode app person)" full 'read again'
people() { # a new record whose line breaks behind its id
	echo '{"id":"9","name":"New","modified":"2026-10-19T10:00:00Z"}'
}
round 12:21
people >> app/person.ndjson
app | crm-diff | sed '/"id":"9"/s/.$//' |
	crm-resolve person > plan.ndjson 2> err
is $? 1 'a line that breaks off is rejected'
settle
is "$(mode app person)" full 'and the cursor is kept back'
round 12:30
has hub/people.ndjson New 'so that nothing is lost'

# ---- a gap ----

start
cp -R .crm kept
edit app/person.ndjson 1 's/Ann/Anna/'
settle
round 12:00
app > stream
rm -rf .crm
mv kept .crm
is "$(sed -n '1s/.*"mode":"\([a-z]*\)".*/\1/p' stream)" delta \
	'a delta of a state that was since restored'
crm-diff < stream | crm-resolve person > plan.ndjson
is "$(mode app person)" full 'moves no cursor'
done_testing
