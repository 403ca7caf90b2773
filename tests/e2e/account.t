#!/bin/sh
# SPDX-License-Identifier: MIT
# Another account behind a system's name: an empty or wrong folder, a store
# brought back from a backup.  Nobody reads, decides or writes; --accept is the
# way out, and then nothing is taken for deleted by accident.
. "${0%/*}/../lib.sh"
. "$TREE/tests/golden/sync/sync.sh"
CRM_MAPPINGS=$TREE/tests/golden/sync/mappings
unset CRM_RUN # pinned, all stores would have one name

start() {
	rm -rf .crm app hub other
	two
	app | crm-diff > changes
	at 12:10
	edit app/person.ndjson 1 's/Ann/Anna/'
	plan > plan.ndjson
}

stopped() { # NAME: extract, resolve and load refuse
	sum=$(cat app/*.ndjson hub/*.ndjson .crm/state/data.mdb 2> /dev/null |
		cksum)
	crm-extract hub people -m person.hub > out 2> err
	is $? 4 "$1: crm-extract exits 4"
	has err 'crm-state account hub --accept' 'and says the way out'
	is "$(cat out)" '' 'it gives nothing'
	crm-load hub < plan.ndjson > out 2> err
	is $? 4 "$1: crm-load exits 4"
	crm-load --pending hub > out 2> err
	is $? 4 "$1: also for what is pending"
	crm-load --dry-run hub < plan.ndjson > out 2> err
	is $? 4 "$1: also in a dry run"
	is "$(cat app/*.ndjson hub/*.ndjson .crm/state/data.mdb 2> /dev/null |
		cksum)" "$sum" 'nothing was touched'
}

start
is "$(crm-state account hub | sed 's/file:[0-9a-f]*/file:X/')" \
	'{"type":"account","system":"hub","account":"file:X","written":1}' \
	'crm-state account shows it'
crm-load hub < plan.ndjson > out 2> err
is $? 0 'the one that is known is written to'
is "$(crm-state account hub | sed 's/.*"written"://')" '2}' 'and counted'
crm-extract hub people > out 2> err
has out '"account":"file:' 'a reading says whose it is'

start
mv hub kept
mkdir hub
stopped 'an empty folder'
rm -r hub
mv kept hub
crm-load hub < plan.ndjson > out 2> err
is $? 0 'it is back, and all goes on'

start
mkdir -p other
echo '{"id":"x","name":"Xaver"}' > other/people.ndjson
(mkdir elsewhere && cd elsewhere && crm-state init -q &&
	echo '{hub: {kind: "file", path: "../other"}}' > .crm/systems.jq &&
	crm-extract hub people > out)
sed 's|hub: {kind: "file", path: "hub"}|hub: {kind: "file", path: "other"}|' \
	.crm/systems.jq > systems && cp systems .crm/systems.jq
stopped 'another store'
cp elsewhere/out stream
crm-map person.hub < stream 2> err | crm-diff 2> err |
	crm-resolve person > out 2> err
is $? 4 'crm-resolve refuses what was read of another: 4'
has err 'crm-state account hub --accept' 'and says the way out'
rm -rf elsewhere

start
cp -Rp hub backup
crm-load hub < plan.ndjson > out 2> err
rm -rf hub
mv backup hub
stopped 'a store brought back from a backup'
has err 'older than what was written' 'which is said'

# What a stream says counts, too: two accounts in one run.
start
hub > one
sed '1s/"account":"[^"]*"/"account":"file:other"/' one > two
rm -rf .crm/state && rm -rf .crm && crm-state init -q
echo '{hub: {kind: "file", path: "hub"}}' > .crm/systems.jq
{ crm-diff < one; crm-diff < two; } | crm-resolve person > out 2> err
is $? 4 'two accounts under one name in a run: 4'

# ---- accepted ----

start
mv hub kept
mkdir hub
crm-state account hub --accept 2> err
is $? 0 'another is accepted'
has "$(ls .crm/audit/*.ndjson | tail -1)" '"type":"account"' 'the audit says so'
crm-state audit --verify > verified 2>&1
is $? 0 'and holds'
is "$(crm-state account hub)" '' 'the former is forgotten'
plan > plan.ndjson 2> err
is $? 4 'all that is missing there is a storm all the same'
has err 'hub: 2 vanished of 2' 'which is said'
rm -r hub
mv kept hub
sync > out; crm-load --pending hub > out
has hub/people.ndjson Anna 'the former is taken again, and nothing is lost'
crm-state check > out
is $? 0 'the state is sound'

# ---- what cannot be told ----

start
echo damaged > hub/.crm-store
crm-extract hub people > out 2> err
is $? 4 'a damaged name: 4'
has err 'hub/.crm-store is damaged' 'it says which'
done_testing
