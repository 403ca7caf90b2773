#!/bin/sh
# SPDX-License-Identifier: MIT
# Orders of steps that the model (tests/model) found to break, through the real
# programs: what people did survives.
. "${0%/*}/../lib.sh"
CRM_MAPPINGS=$WORK/mappings

at() {
	CRM_NOW=2026-11-20T$1:00Z
	CRM_RUN=run-$1
	export CRM_NOW CRM_RUN
}

# begin: app and hub, nothing read yet; Ann and others stand in app.
begin() {
	rm -rf .crm app hub mappings
	mkdir -p app hub mappings
	crm-state -q init
	echo '{app: {kind: "file", path: "app"},
	    hub: {kind: "file", path: "hub"}}' > .crm/systems.jq
	echo '{entity: "thing", deletes: "archive", fields: {
	    name: {type: "text", required: true}, city: {type: "text"}}}' \
	    > mappings/thing.jq
	for side in app hub; do
		echo '{entity: "thing", kind: "file", object: "thing",
		    id: "id", modified: "modified", uid: "uid",
		    deleted: {from: "archived", value: "true"}, fields: {
		    name: {from: "name", dir: "both"},
		    city: {from: "city", dir: "both"}}}' \
		    > mappings/thing.$side.jq
	done
	for name in 1:Ann 2:Bob 3:Cid 4:Dan; do
		echo "{\"id\":\"${name%:*}\",\"name\":\"${name#*:}\"," \
		    '"city":"Bonn","modified":"2026-11-19T10:00:00Z"}'
	done > app/thing.ndjson
	: > hub/thing.ndjson
}

# read_it SIDE: its records, as they are now.
read_it() {
	crm-extract "$1" thing -m "thing.$1" "${2---full}" |
		crm-map "thing.$1"
}

# plan FILE...: what was compared is decided.
plan() {
	cat "$@" | crm-resolve -q thing > plan
}

load() {
	crm-load -q "$1" < plan > receipts 2> told
}

# sync [--delta]: a whole run.
sync() {
	read_it app "$@" | crm-diff > a
	read_it hub "$@" | crm-diff > b
	plan a b
	crm-load -q app --pending > receipts 2> told
	crm-load -q hub --pending >> receipts 2>> told
}

# linked: all stand in both, and both are known.
linked() {
	begin
	at 08:00
	sync
	at 08:01
	sync
}

# edit SIDE SED: somebody changes Ann, now.
edit() {
	sed -i "/\"Ann/{$2
	    s/\"modified\":\"[^\"]*\"/\"modified\":\"$CRM_NOW\"/;}" \
	    "$1/thing.ndjson"
	sleep 0.2 # a younger file is read again whatever the cursor says
}

archive() {
	edit "$1" 's/}$/,"archived":true}/'
}

restore() {
	edit "$1" 's/,"archived":true//'
}

# shows SIDE: what stands there of Ann, if she lives there.
shows() {
	grep '"Ann' "$1/thing.ndjson" | grep -v '"archived":true' |
		sed 's/.*"name":"\([^"]*\)".*/\1/'
}

# ---- archived there between its reading and our write ----

linked
at 09:00
edit app s/Ann/Anna/
at 09:01
read_it app | crm-diff > a
read_it hub | crm-diff > b
plan a b
at 09:02
archive hub
at 09:03
load hub
at 09:04
sync
at 09:05
sync
is "$(shows app)/$(shows hub)" Anna/Anna \
    "an edit that meets an archived record does not go down with it"

# ---- an old first sight after the record died ----

begin
at 09:00
read_it app | crm-diff > old
at 09:01
read_it app | crm-diff > a
read_it hub | crm-diff > b
plan a b
at 09:02
archive app
at 09:03
read_it app | crm-diff > a
plan a
at 09:04
plan old
grep '"operation"' plan > told
is "$(cat told)" "" "an old first sight does not bring back what died since"

# ---- restored after it was seen dead, read before that was decided ----

linked
at 09:00
archive app
at 09:01
read_it app | crm-diff > a
at 09:02
restore app
at 09:03
crm-extract app thing -m thing.app | crm-map thing.app > new
at 09:04
plan a
at 09:05
crm-diff < new > a
plan a
at 09:06
sync -q
at 09:07
sync -q
is "$(shows app)/$(shows hub)" Ann/Ann \
    "a restore that was read before the death was decided is not missed"
# ---- read while a loader is at it ----

linked
at 09:00
edit app s/Ann/Anna/
at 09:01
read_it app | crm-diff > a
read_it hub | crm-diff > b
plan a b
step=0
until crm-state queue | grep -q '"status":"claimed"' || [ $step -ge 30 ]; do
	step=$((step + 1))
	at 09:02
	CRM_DIE_AT=$step "$TREE/.build/fault/bin/crm-load" -q hub < plan \
	    > receipts 2> told
done
crm-state queue > told
has told '"status":"claimed"' "a loader has claimed what it will write"
at 09:03
edit hub s/Ann/Anny/
at 09:04
read_it app | crm-diff > a
read_it hub | crm-diff > b
plan a b
grep '"operation"' plan > told
is "$(cat told)" "" "what is read of that side meanwhile is put off"
at 09:20
sync
at 09:21
sync
is "$(shows app)/$(shows hub)" Anny/Anny "and decided when it is over"
# ---- a create whose answer was lost, archived there before it is repeated ----

begin
at 09:00
read_it app | crm-diff > a
read_it hub | crm-diff > b
plan a b
echo '{"id":"app:thing:1","uid":"app:thing:1","name":"Ann","city":"Bonn","archived":true}' \
    > hub/thing.ndjson
at 09:01
load hub
is "$(shows hub)" "" "a repeated create does not bring it back"
for n in 2 3 4; do
	at 09:0$n
	sync
done
is "$(shows app)/$(shows hub)" / "it is archived everywhere"
is "$(grep -c '"operation"' plan)" 0 "at rest"
done_testing
