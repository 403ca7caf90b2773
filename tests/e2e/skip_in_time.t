#!/bin/sh
# SPDX-License-Identifier: MIT
# skip_in_time.t: a loader has looked at what is pending, and has yet to claim
# it, when a person says to leave one: that one is not sent.
. "${0%/*}/../lib.sh"

crm-state -q init
mkdir -p app hub m
echo '{app: {kind: "file", path: "app"}, hub: {kind: "file", path: "hub"}}' \
    > .crm/systems.jq
echo '{entity: "one", fields: {name: {type: "text", rule: "latest"}}}' \
    > m/one.jq
map() { # SYSTEM FIELD
	echo "{entity: \"one\", kind: \"file\", object: \"one\", id: \"id\",
	    uid: \"uid\", modified: \"modified\", fields: {name: $2}}" \
	    > "m/one.$1.jq"
}
map app '{from: "name", dir: "both"}'
# a write that takes its time
map hub '{from: "name", dir: "both", read: ".",
    write: "[range(200000)] as $x | ."}'
CRM_MAPPINGS=$PWD/m
export CRM_MAPPINGS
: > hub/one.ndjson
for id in 1 2 3 4; do
	echo "{\"id\":\"$id\",\"name\":\"N$id\"}"
done > app/one.ndjson
for system in app hub; do
	crm-extract --full $system one -m one.$system | crm-map one.$system |
	    crm-diff
done | crm-resolve one > plan
crm-load hub --pending > receipts &
while [ "$(cut -d ' ' -f 14 "/proc/$!/stat")" -lt 3 ] # ticks it has run
do
	sleep 0.02
done
crm-state skip hub app:one:4 2> said
wait $!
has said '1 skipped' 'a person says to leave it'
is "$(grep -c . hub/one.ndjson)" 3 'the others are sent'
grep -q N4 hub/one.ndjson
[ $? -eq 1 ]
ok $? 'that one is not'
is "$(crm-state queue hub | grep -c '"skipped"')" 1 'and waits'
done_testing
