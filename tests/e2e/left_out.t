#!/bin/sh
# SPDX-License-Identifier: MIT
# pipelines/sync-all.sh with a system that fails: the others are kept the same
# meanwhile, in every entity, and it has what it missed once it is back.
. "${0%/*}/../lib.sh"
PATH=$TREE/pipelines:$PATH
CRM_MAPPINGS=$WORK/maps

at() {
	CRM_NOW=2026-11-20T$1:00Z CRM_RUN=run-$1
	export CRM_NOW CRM_RUN
}
# all FILE: the names in it, in each of the systems that are asked for.
all() {
	file=$1
	shift
	for system; do
		sed -n 's/.*"name":"\([^"]*\)".*/\1/p' "$system/$file.ndjson" |
			sort | tr '\n' ' '
	done
}
mkdir maps app hub north cut
for entity in firm person; do
	boss=''
	[ $entity = firm ] || boss=', firm: {type: "ref", to: "firm", rule: "latest"}'
	echo "{entity: \"$entity\", fields: {name: {type: \"text\",
	    rule: \"latest\"}$boss}}" > maps/$entity.jq
	for system in app hub north; do
		echo "{entity: \"$entity\", kind: \"file\", object: \"$entity\",
		    id: \"id\", uid: \"uid\", modified: \"modified\",
		    deleted: \"archived\",
		    fields: {name: {from: \"name\", dir: \"both\"}${boss:+,
		    firm: {from: \"firm\", dir: \"both\"\}}}}" \
		    > maps/$entity.$system.jq
	done
done
crm-state -q init
cat > .crm/systems.jq <<'J'
{app: {kind: "file", path: "app"}, hub: {kind: "file", path: "hub"},
 north: {kind: "file", path: "north"}}
J
echo '{"id":"1","name":"Acme"}' > app/firm.ndjson
echo '{"id":"1","name":"Ann","firm":"1"}' > app/person.ndjson
at 12:00
runs 0 'all three' sync-all.sh
at 12:01
runs 0 'at rest' sync-all.sh
is "$(cat out err)" '' 'nothing is left to do'

# edited HH:MM NAME: a firm and a person more, and an edit of each.
edited() {
	at "$1"
	sed -i "s/\"name\":\"Acme[^\"]*\"/\"name\":\"Acme $2\"/" app/firm.ndjson
	sed -i "s/\"name\":\"Ann[^\"]*\"/\"name\":\"Ann $2\"/" north/person.ndjson
	echo '{"id":"n'"$2"'","name":"New '"$2"'"}' >> app/firm.ndjson
	echo '{"id":"n'"$2"'","name":"Bob '"$2"'","firm":"n'"$2"'"}' \
		>> app/person.ndjson
}

# ---- it cannot be reached ----
edited 12:10 1
mv hub away
mkdir hub
runs 4 'a system that is another one' sync-all.sh
has err 'hub is left out' 'is left out'
is "$(all firm app north)" 'Acme 1 New 1 Acme 1 New 1 ' 'the others go on'
is "$(all person app north)" 'Ann 1 Bob 1 Ann 1 Bob 1 ' 'in the next entity, too'
is "$(cat hub/* 2> /dev/null)" '' 'and nothing is done there'
rmdir hub
mv away hub
at 12:20
runs 0 'when it is back' sync-all.sh
is "$(all firm hub)" 'Acme 1 New 1 ' 'it gets what it missed'
is "$(all person hub)" 'Ann 1 Bob 1 ' 'of all'
at 12:21
runs 0 'at rest' sync-all.sh
is "$(cat out err)" '' 'nothing is left to do'

# ---- its reading breaks off, wherever it stands in the order ----
cat > cut/crm-extract <<'S'
#!/bin/sh
[ "$1" = "$BROKEN" ] || exec "$CRM_BIN/crm-extract" "$@"
"$CRM_BIN/crm-extract" "$@" | head -n 2
exit 3
S
chmod +x cut/crm-extract
export BROKEN
n=1
for BROKEN in app hub north; do
	n=$((n + 1))
	case $BROKEN in
	app) others='hub north' ;;
	hub) others='app north' ;;
	north) others='app hub' ;;
	esac
	edited 12:3$n $n
	PATH=$WORK/cut:$PATH runs 3 "$BROKEN breaks off" sync-all.sh -f
	is "$(grep -c 'left out' err)" 1 'one is left out'
	has err "$BROKEN is left out" 'the one'
	# shellcheck disable=SC2086 # a list
	set -- $others
	for entity in firm person; do
		is "$(all $entity "$1")" "$(all $entity "$2")" \
			"the others hold the same $entity"
	done
	at 12:4$n
	runs 0 'when it is whole again' sync-all.sh -f
	at 12:5$n
	runs 0 'at rest' sync-all.sh
	is "$(cat out err)" '' 'nothing is left to do'
	for entity in firm person; do
		is "$(all $entity app hub)" "$(all $entity hub north)" \
			"all hold the same $entity"
	done
done

# ---- nobody goes on alone ----
edited 13:10 5
BROKEN=hub PATH=$WORK/cut:$PATH runs 3 'one of two' sync-two-way.sh -f app hub \
	firm person
grep -q 'left out' err
is $? 1 'nobody is said to go on'
is "$(all firm hub | grep -c 'New 5')" 0 'nothing is done'

# ---- deciding itself fails ----
at 13:15
cp hub/firm.ndjson kept
: > hub/firm.ndjson
runs 4 'an accident' sync-all.sh -f
has err 'vanished' 'is stopped'
grep -q 'left out' err
is $? 1 'nobody is blamed for what was not decided'
mv kept hub/firm.ndjson
mkdir lame
printf '#!/bin/sh\nexit 3\n' > lame/crm-resolve
chmod +x lame/crm-resolve
at 13:20
PATH=$WORK/lame:$PATH runs 3 'nothing can be decided' sync-all.sh
is "$(all firm north | grep -c 'New 5')" 0 'nothing is done'
for status in 2 4; do
	printf '#!/bin/sh\nexec 0<&-\nexit %s\n' $status > lame/crm-resolve
	PATH=$WORK/lame:$PATH runs $status 'it does not even read' sync-all.sh
	grep -q 'left out' err
	is $? 1 'no system is blamed for that'
done
at 13:30
runs 0 'the next run does it' sync-all.sh
is "$(all firm app hub)" "$(all firm hub north)" 'all hold the same'
done_testing
