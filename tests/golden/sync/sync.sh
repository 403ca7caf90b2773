# SPDX-License-Identifier: MIT
# sync.sh: a sync of two stores, for golden cases.  A case's cmd begins with
#
#   . "${0%/*}/../../sync/sync.sh"
#
# app holds app/person.ndjson, hub holds hub/people.ndjson (without `note`).
CRM_MAPPINGS=${0%/*}/../../sync/mappings
export CRM_MAPPINGS

# home: makes it, with the two systems.
home() {
	crm-state -q init
	mkdir -p app hub
	echo '{app: {kind: "file", path: "app"},
	    hub: {kind: "file", path: "hub"}}' > .crm/systems.jq
}

# at HH:MM [DAY]: the clock of what follows.
at() {
	CRM_NOW=2026-11-${2:-20}T$1:00Z
	export CRM_NOW
}

# Without what names the very file that was read.
app() { crm-extract --full app person -m person.app | crm-map person.app | nameless; }
hub() { crm-extract --full hub people -m person.hub | crm-map person.hub | nameless; }
nameless() { sed 's/"checkpoint":{"file":[^}]*},//'; }

# plan [OPTION...]: both sides read and decided.
# shellcheck disable=SC2120 # cases call it with options
plan() {
	{ app | crm-diff; hub | crm-diff; } | crm-resolve person "$@"
}

# sync: a whole run; a line each for what was done.
sync() {
	plan > plan.ndjson
	crm-load app < plan.ndjson > receipts
	crm-load hub < plan.ndjson >> receipts
	receipts
}

# receipts: those of the last run, told briefly.
receipts() {
	sed -e 's/^{"type":"receipt","system":"\([^"]*\)","entity":"[^"]*"/\1/' \
	    -e 's/,"uid":"\([^"]*\)"/ \1/' -e 's/,"id":"[^"]*"//' \
	    -e 's/,"op":"\([^"]*\)"/ \1/' -e 's/,"version":[0-9]*//' \
	    -e 's/,"status":"\([^"]*\)"/: \1/' \
	    -e 's/,"error":{"code":"[a-z]*","message":"\(.*\)","next":"[^"]*"}/ (\1)/' \
	    -e 's/}$//' receipts
}

# lines TYPE FILE: lines of a type, without what is the same in all of them.
lines() {
	sed -n "/^{\"type\":\"$1\"/p" "$2" | sed -e 's/,"entity":"person"//' \
	    -e 's/,"object":"[^"]*"//' -e 's/,"base":"[^"]*"//'
}

# stores: what both hold, without versions.
stores() {
	for file in app/person.ndjson hub/people.ndjson; do
		echo "$file"
		[ ! -f "$file" ] || sed -e 's/,"version":"[^"]*"//' \
		    -e 's/,"modified":"[^"]*"//' -e 's/^/  /' "$file"
	done
}

# edit FILE ID SED: somebody changes a record, now.
edit() {
	sed -i "/\"id\":\"$2\"/{$3
	    s/\"modified\":\"[^\"]*\"/\"modified\":\"$CRM_NOW\"/;}" "$1"
}

# drop FILE ID: somebody deletes it.
drop() {
	sed -i "/\"id\":\"$2\"/d" "$1"
}

# two: Ann and Bob stand in both stores.
two() {
	home
	cat > app/person.ndjson <<-'END'
	{"id":"1","name":"Ann","city":"Bonn","tier":"A","score":5,"modified":"2026-11-19T10:00:00Z"}
	{"id":"2","name":"Bob","city":"Kiel","tier":"B","note":"n","modified":"2026-11-19T10:00:00Z"}
	END
	at 12:00
	sync > /dev/null
	at 12:01
	sync > /dev/null
}
