#!/bin/sh
# SPDX-License-Identifier: MIT
# crm-resolve --share: a rollout in steps.  No record outside is written, the
# choice is stable, and in the end both sides hold the same.
. "${0%/*}/../lib.sh"
CRM_MAPPINGS=$TREE/tests/golden/sync/mappings
MANY=300

at() {
	CRM_NOW=2026-11-20T$1:00Z
	export CRM_NOW
}
app() { crm-extract --full app person -m person.app | crm-map person.app; }
hub() { crm-extract --full hub people -m person.hub | crm-map person.hub; }
plan() {
	{ app | crm-diff; hub | crm-diff; } | crm-resolve person "$@"
}
# told PLAN: its operations: whom, where, what.
told() {
	sed -n '/"type":"operation"/s/.*"uid":"\([^"]*\)","system":"\([^"]*\)".*"op":"\([^"]*\)".*/\1 \2 \3/p' \
	    "$1" | sort
}
# uids: those of records in the hub that stand.
uids() {
	sed -n '/"archived":true/!s/.*"uid":"\([^"]*\)".*/\1/p' \
	    hub/people.ndjson | sort
}
# shown FILE: what a store holds; its live records, values only.
shown() {
	sed -n '/"archived":true/!s/.*"name":"\([^"]*\)".*/\1/p' "$1" | sort
}
kept() {
	crm-state queue | grep -c '"status":"kept back"'
}
# step NAME OPTION...: a dry run, the run, the loaders with all they may send.
step() {
	name=$1
	shift
	plan -n "$@" > dry
	plan "$@" > plan
	is $? 0 "$name: it is done"
	told dry > dry.told
	told plan > told
	same told dry.told "$name: as the dry run shows"
	for system in app hub; do
		crm-load "$system" < plan
		crm-load "$system" --pending
	done > receipts
	grep -v '"status":"done"' receipts > failed
	is "$(cat failed)" '' "$name: nothing else is tried"
	is "$(grep -c . receipts)" "$(grep -c . told)" \
	    "$name: what is told is delivered, and nothing else"
}

crm-state -q init
mkdir -p app hub
echo '{app: {kind: "file", path: "app"}, hub: {kind: "file", path: "hub"}}' \
    > .crm/systems.jq
i=0
while [ $i -lt $MANY ]; do
	i=$((i + 1))
	echo '{"id":"'$i'","name":"N'$i'","modified":"2026-11-19T10:00:00Z"}'
done > app/person.ndjson

# Creates: nobody changes while the share is raised.
minute=10
: > before
for share in 5.5% 20 20% 60.25%; do
	at "12:$minute"
	minute=$((minute + 1))
	step "creates, $share" --share "$share"
	uids > in
	is "$(comm -23 before in)" '' "$share: who was in it stays"
	is "$(kept)" $((MANY - $(grep -c . in))) "$share: the rest is kept back"
	cp in "in.$share"
	cp in before
done
[ -s in.5.5% ] && [ "$(grep -c . in.5.5%)" -lt "$(grep -c . in.20)" ]
ok $? 'a greater share is more'
same in.20% in.20 'the same share is the same records'
[ "$(grep -c . in)" -gt $((MANY / 2)) ] && [ "$(grep -c . in)" -lt $MANY ]
ok $? 'and about as many as asked for'
at 12:20
step 'the rest'
is "$(shown hub/people.ndjson)" "$(shown app/person.ndjson)" 'both have all'
is "$(crm-state queue)" '' 'nothing is pending'
at 12:21
step 'once more'
is "$(cat told)" '' 'nothing is left to do'

# Edits on both sides, deletes and creates, in and outside of 20 %.
at 12:30
sed -i -e '/"id":"[0-9]*[02468]"/{s/"name":"N/"name":"E/
    s/"modified":"[^"]*"/"modified":"2026-11-20T12:30:00Z"/;}' \
    -e '/"id":"\(15\|25\|35\|45\|55\|65\|75\|85\|95\)"/d' app/person.ndjson
sed -i '/"uid":"[^"]*[179]"/{s/"name":"N/"name":"H/
    s/"modified":"[^"]*"/"modified":"2026-11-20T12:30:00Z"/;}' \
    hub/people.ndjson
for i in 901 902 903 904 905 906 907 908 909 910; do
	echo '{"id":"'$i'","name":"N'$i'","modified":"2026-11-20T12:30:00Z"}'
done >> app/person.ndjson
cp app/person.ndjson app.before
cp hub/people.ndjson hub.before
at 12:31
step 'changes, 20 %' --share 20%
is "$(sed 's/.* //' told | sort -u | tr '\n' ' ')" 'archive create update ' \
    'it has some of each'
# new ones that are in: those told of a create
{ cat in.20; sed -n 's/ hub create$//p' told; } | sort > in
sed 's/ .*//' told | sort -u | comm -23 - in > strangers
is "$(cat strangers)" '' 'only who is in the share is told'
# Lines of others, but for what a store adds to lines written by hand.
outside() {
	grep -vFf "$1" "$2" | sed -e 's/,"version":"[^"]*"//' \
	    -e 's/\.000Z/Z/' | sort
}
sed 's/.*://; s/.*/"id":"&"/' in > in.app
sed 's/.*/"uid":"&"/' in > in.hub
for side in app/person.ndjson:app hub/people.ndjson:hub; do
	outside "in.${side#*:}" "${side%:*}" > others
	outside "in.${side#*:}" "${side#*:}.before" > others.before
	[ "$(grep -c . others)" -gt 200 ]
	ok $? "${side#*:}: most are outside"
	same others others.before "${side#*:}: none of them is written"
done
waiting=$(kept)
[ "$waiting" -gt 100 ]
ok $? 'they are kept back'
cp hub/people.ndjson hub.then
at 12:32
step 'again, 20 %' --share 20%
is "$(cat told)" '' 'the second run has nothing to do'
same hub/people.ndjson hub.then 'and changes nothing'
is "$(kept)" "$waiting" 'as many are kept back'

at 12:33
plan --propose > plan
told plan > told
is "$(cat told) $(kept)" " $waiting" 'a proposal beside it releases nothing'

at 12:34
step 'all' --share 100%
is "$(kept)" 0 'nothing is kept back any more'
is "$(shown hub/people.ndjson)" "$(shown app/person.ndjson)" \
    'both sides hold the same'
is "$(shown app/person.ndjson | grep -c '^E')$(shown app/person.ndjson |
    grep -c '^H')" 15090 'with the edits of both'
is "$(shown hub/people.ndjson | grep -c .)" $((MANY - 9 + 10)) \
    'without who was deleted, and with who is new'
at 12:35
step 'settled'
is "$(cat told)$(crm-state queue)" '' 'nothing is left to do'
done_testing
