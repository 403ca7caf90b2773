#!/bin/sh
# SPDX-License-Identifier: MIT
# latest by the fields' own times: of two stores that keep them, the newer edit
# of each field stands, whatever the records' times say, and whichever side is
# called what.
. "${0%/*}/../lib.sh"
PATH=$TREE/pipelines:$PATH
CRM_MAPPINGS=$WORK/mappings

mkdir mappings
cat > mappings/person.jq <<'END'
{entity: "person", fields: {
   name: {type: "text", rule: "latest"}, city: {type: "text", rule: "latest"},
   tier: {type: "text", rule: "latest"}}}
END
for kind in app hub; do
	cat > "mappings/person.$kind.jq" <<-END
	{entity: "person", kind: "file", object: "person",
	 id: "id", modified: "modified", uid: "uid", zone: "UTC",
	 fields: {name: {from: "name", dir: "both", time: "name_at"},
	   city: {from: "city", dir: "both", time: "at.city"},
	   tier: {from: "tier", dir: "both"}}}
	END
done

# edited FILE ID AT NAME NAME_AT CITY CITY_AT TIER
edited() {
	sed -i "/\"id\":\"$2\"/s/.*/{\"id\":\"$2\",\"uid\":\"$uid\",\"name\":\"$4\",\"name_at\":\"2026-11-20 $5\",\"city\":\"$6\",\"at\":{\"city\":\"2026-11-20 $7\"},\"tier\":\"$8\",\"modified\":\"2026-11-20T$3:00Z\"}/" "$1"
}
# fields FILE: what a store holds, without its ids and times.
fields() {
	sed -n 's/.*"name":"\([^"]*\)"[^{]*"city":"\([^"]*\)".*"tier":"\([^"]*\)".*/\1 \2 \3/p' "$1" | sort
}
# history ONE OTHER: ONE is where the record is from, OTHER has the newer edits.
history() {
	mkdir "$1-first"
	cd "$1-first" || exit 3
	CRM_NOW=2026-11-20T12:00:00Z
	crm-state -q init
	mkdir -p app hub
	echo '{app: {kind: "file", path: "app"}, hub: {kind: "file", path: "hub"}}' \
	    > .crm/systems.jq
	echo '{"id":"1","uid":"","name":"Ann","city":"Bonn","tier":"A","modified":"2026-11-19T10:00:00Z"}' \
	    > "$1/person.ndjson"
	sync-two-way.sh app hub person > out 2>&1
	CRM_NOW=2026-11-20T12:01:00Z
	sync-two-way.sh app hub person > out 2>&1
	is "$(fields "$2/person.ndjson")" 'Ann Bonn A' "$1 first: both have it"
	# what came to OTHER later than ONE's, though ONE's record moved last
	uid=
	edited "$1/person.ndjson" 1 12:30 Anna 12:10 Basel 12:15 B
	uid=$1:person:1
	edited "$2/person.ndjson" "$uid" 12:20 Anne 12:12 Bern 12:18 A
	CRM_NOW=2026-11-20T12:35:00Z
	sync-two-way.sh app hub person > out 2>&1
	is $? 0 "$1 first: nothing is left to a person"
	for side in app hub; do
		is "$(fields "$side/person.ndjson")" 'Anne Bern B' \
		    "$1 first: $side has the newer edits of all fields"
	done
	CRM_NOW=2026-11-20T12:40:00Z
	sync-two-way.sh app hub person > out 2>&1
	is "$(cat out)" '' "$1 first: that is all"
	# the records moved at once, or the other way round: that is the same
	edited "$1/person.ndjson" 1 12:45 Late 12:44 Bern 12:18 B
	edited "$2/person.ndjson" "$uid" 12:45 Early 12:43 Bern 12:18 B
	CRM_NOW=2026-11-20T12:50:00Z
	sync-two-way.sh app hub person > out 2>&1
	is "$(fields app/person.ndjson)+$(fields hub/person.ndjson)" \
	    'Late Bern B+Late Bern B' "$1 first: the later instant"
	# edited at the very same instant
	edited "$1/person.ndjson" 1 12:55 Tie 12:54 Bern 12:18 B
	edited "$2/person.ndjson" "$uid" 12:56 Tied 12:54 Bern 12:18 B
	CRM_NOW=2026-11-20T13:00:00Z
	sync-two-way.sh app hub person > out 2>&1
	is "$(fields app/person.ndjson)+$(fields hub/person.ndjson)" \
	    'Tied Bern B+Tied Bern B' "$1 first: ties by the values"
	crm-state audit | sed -n 's/.*"fields":\({"name".*\),"digest".*/\1/p' |
	    sed "s/\"$1\"/ONE/g;s/\"$2\"/OTHER/g" > ../told-"$1"
	cd .. || exit 3
}

history app hub
history hub app
same told-app told-hub 'both ways the same is told'
has told-app '"rule":"latest","from":OTHER,"was_from":ONE,"at":"2026-11-20T12:12:00.000Z"' \
    'with the time that counted'
done_testing
