#!/bin/sh
# SPDX-License-Identifier: MIT
# Mappings without `uid` and match keys: only the id tells what a loader made
# that was killed before it noted that.  Killed at each of its durable steps,
# the record is there once in the end; edited there meanwhile, with that edit.
. "${0%/*}/../lib.sh"
PATH=$TREE/pipelines:$PATH
CRM_MAPPINGS=$PWD/mappings

begin() {
	rm -rf .crm app hub mappings
	mkdir app hub mappings
	crm-state -q init
	echo '{app: {kind: "file", path: "app"},
	    hub: {kind: "file", path: "hub"}}' > .crm/systems.jq
	echo '{entity: "person", fields: {name: {type: "text", rule: "latest"}}}' \
	    > mappings/person.jq
	for name in app hub; do
		echo '{entity: "person", kind: "file", object: "person", id: "id",
		    fields: {name: {from: "name", dir: "both"}}}' \
		    > mappings/person.$name.jq
	done
	for n in 1 2 3; do
		echo '{"id":"'$n'","name":"P'$n'"}'
	done > app/person.ndjson
}
at() {
	CRM_NOW=2026-11-20T$1:00Z CRM_RUN=run-$1
	export CRM_NOW CRM_RUN
}
plan() {
	for name in app hub; do
		crm-extract --full $name person -m person.$name |
			crm-map person.$name | crm-diff
	done | crm-resolve person > plan.ndjson
}
names() {
	grep -o '"name":"[^"]*"' "$1"/person.ndjson | cut -d '"' -f 4 | sort |
		tr '\n' ' '
}
# killed STEP: the first loader, at its durable step; fails if it was not.
killed() {
	begin
	at 10:00
	plan
	CRM_DIE_AT=$1 "$TREE/.build/fault/bin/crm-load" -q hub < plan.ndjson \
		> /dev/null 2>&1
	[ $? -eq 137 ]
}
# rest: whole runs, until nothing moves.
rest() {
	for n in 1 2 3 4; do
		at 10:2$n
		sync-two-way.sh -f app hub person > out 2>&1
	done
}

step=1 wrong=''
while killed $step; do
	rest
	[ "$(names app)/$(names hub)" = 'P1 P2 P3 /P1 P2 P3 ' ] ||
		wrong="$wrong $step: $(names app)/$(names hub)"
	step=$((step + 1))
done
ok $((step < 5)) "killed at each of $((step - 1)) steps"
is "$wrong" '' 'each is there once'

step=1 wrong='' edited=0
while killed $step; do
	at 10:10
	crm-extract --full hub person -m person.hub > /dev/null 2>&1
	if grep -q '"name":"P2"' hub/person.ndjson 2> /dev/null; then
		sed -i 's/"name":"P2"/"name":"Q2"/' hub/person.ndjson
		edited=$((edited + 1))
		want='P1 P3 Q2 '
	else
		want='P1 P2 P3 '
	fi
	rest
	[ "$(names app)/$(names hub)" = "$want/$want" ] ||
		wrong="$wrong $step: $(names app)/$(names hub)"
	step=$((step + 1))
done
ok $((edited == 0)) "$edited times edited there"
is "$wrong" '' 'each is there once, as it was edited'
# Begun anew, the systems read one by one: each is the one of its id.
begin
at 10:00
plan
crm-load -q hub < plan.ndjson > receipts
at 10:10
rm -r .crm
crm-state -q init
echo '{app: {kind: "file", path: "app"}, hub: {kind: "file", path: "hub"}}' \
    > .crm/systems.jq
crm-extract --full hub person -m person.hub | crm-map person.hub | crm-diff |
	crm-resolve person > plan.ndjson
rest
is "$(names app)/$(names hub)" 'P1 P2 P3 /P1 P2 P3 ' \
    'a state begun anew makes nobody twice'
has plan.ndjson '"count":0' 'and has nothing to do'
done_testing
