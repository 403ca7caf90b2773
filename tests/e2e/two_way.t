#!/bin/sh
# SPDX-License-Identifier: MIT
# pipelines/sync-two-way.sh: both sides come to hold the same.
. "${0%/*}/../lib.sh"
PATH=$TREE/pipelines:$PATH
CRM_MAPPINGS=$TREE/tests/golden/sync/mappings

at() {
	CRM_NOW=2026-11-20T$1:00Z
	export CRM_NOW
}
# synced STATUS NAME OPTION...: a whole run.
synced() {
	want=$1 name=$2
	shift 2
	sync-two-way.sh "$@" app hub person > out 2> err
	is $? "$want" "$name: exits $want"
}
names() {
	sed -n 's/.*"name":"\([^"]*\)".*/\1/p' "$1" | sort | tr '\n' ' '
}

sync-two-way.sh app hub > out 2> err
is $? 2 'without a home it exits 2'
has err 'crm-state init' 'and says what to do'
crm-state -q init
sync-two-way.sh app > out 2> err
is $? 2 'one system is none to sync with'
has err 'usage:' 'it says how it is called'

mkdir hub
echo '{app: {kind: "file", path: "app"}, hub: {kind: "file", path: "hub"}}' \
    > .crm/systems.jq
echo '{"id":"1","name":"Ann","tier":"A","modified":"2026-11-19T10:00:00Z"}' \
    > app/person.ndjson
echo '{"id":"7","name":"Bob","tier":"B","modified":"2026-11-19T10:00:00Z"}' \
    > hub/people.ndjson
at 12:00
synced 0 'a dry run' -n
is "$(grep -c '"type":"operation"' out)" 2 'it shows the plan'
is "$(names app/person.ndjson)$(names hub/people.ndjson)" 'Ann Bob ' \
    'and changes nothing'
synced 0 'a proposal' -p
is "$(names app/person.ndjson)$(names hub/people.ndjson)" 'Ann Bob ' \
    'proposed is not done'
at 12:01
synced 0 'a run beside it'
is "$(crm-state queue | grep -c '"status":"proposed"')" 2 \
    'what is proposed waits for a person'
crm-state -q approve app && crm-state -q approve hub
at 12:02
synced 0 'the run after it is approved'
is "$(names app/person.ndjson)$(names hub/people.ndjson)" 'Ann Bob Ann Bob ' \
    'both have both'
is "$(cat err)" '' 'it is quiet'
at 12:05
synced 0 'again'
is "$(cat out)" '' 'there is nothing to do'

at 12:10
sed -i '/Ann/s/"tier":"A"/"tier":"X"/' app/person.ndjson
sed -i '/Ann/s/"tier":"A"/"tier":"Y"/' hub/people.ndjson
at 12:15
synced 1 'a conflict'
has out '{"type":"conflict","entity":"person","uid":"app:person:1","field":"tier"' \
    'it is shown'
at 12:20
synced 0 'an old conflict'

cp hub/people.ndjson kept
: > hub/people.ndjson
at 12:25
synced 4 'an emptied side'
has err 'nothing is committed' 'it is stopped'
is "$(names app/person.ndjson)" 'Ann Bob ' 'nothing is gone'
cp kept hub/people.ndjson
printf '#!/bin/sh\nkill -9 $$\n' > crm-diff
chmod +x crm-diff
PATH=$PWD:$PATH synced 3 'a stage that is killed'
is "$(names app/person.ndjson)" 'Ann Bob ' 'nothing is gone'
mv hub away && mkdir hub
synced 4 'an empty folder'
has err 'crm-state account hub --accept' 'it says what to do'
is "$(grep -v '^crm-' err)" '' 'and nothing of its own insides'
rm -r hub && mv away hub
at 12:30
synced 0 'and then all is well'
done_testing
