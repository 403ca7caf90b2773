#!/bin/sh
# SPDX-License-Identifier: MIT
# Fields that are only pushed: what somebody makes of them there is drift.  It
# is overwritten, or kept, as the mapping says; it never goes elsewhere.
. "${0%/*}/../lib.sh"

mkdir mappings hub
export CRM_MAPPINGS=mappings
cat > mappings/thing.jq <<'END'
{entity: "thing", fields: {name: {type: "text", rule: "latest"},
  health: {type: "text", rule: "latest"}, note: {type: "text", rule: "latest"}}}
END
cat > mappings/thing.app.jq <<'END'
{entity: "thing", kind: "file", object: "thing", id: "id",
 modified: "modified", uid: "uid",
 fields: {name: {from: "name", dir: "both"},
   health: {from: "health", dir: "both"}, note: {from: "note", dir: "both"}}}
END
cat > mappings/thing.hub.jq <<'END'
{entity: "thing", kind: "file", object: "thing", id: "id",
 modified: "modified", uid: "uid",
 fields: {name: {from: "name", dir: "both"},
   health: {from: "health", dir: "push"},
   note: {from: "note", dir: "push", drift: "keep"}}}
END
crm-state -q init
echo '{app: {kind: "file", path: "app"}, hub: {kind: "file", path: "hub"}}' \
    > .crm/systems.jq

# sync HH:MM [DAY]: a whole run; `plan` holds what was decided.
sync() {
	CRM_NOW=2026-11-${2:-20}T$1:00Z
	export CRM_NOW
	{ for s in app hub; do
		crm-extract "$s" -m "thing.$s" | crm-map "thing.$s" | crm-diff
	done; } | crm-resolve thing > plan
	crm-load app < plan > receipts
	crm-load hub < plan >> receipts
	grep -cE '^\{"type":"(operation|conflict)"' plan
}
edited() {
	sed -i -e "$2" -e "s/\"modified\":\"[^\"]*\"/\"modified\":\"$CRM_NOW\"/" "$1"
}
field() {
	sed -n "s/.*\"$2\":\"\([^\"]*\)\".*/\1/p" "$1/thing.ndjson" | tr '\n' ' '
}

echo '{"id":"1","name":"Ann","health":"good","note":"vip","modified":"2026-11-19T10:00:00Z"}' \
    > app/thing.ndjson
echo '{"id":"9","name":"Zoe","health":"own","modified":"2026-11-19T10:00:00Z"}' \
    > hub/thing.ndjson
is "$(sync 12:00)" 2 'both get what they lack'
is "$(sync 12:05)" 0 'that is all'
is "$(field hub health)" 'own good ' 'what was never ours stays as it is'
is "$(field app health)" 'good ' 'and is not read'

edited hub/thing.ndjson '/"name":"Ann"/{s/good/bad/; s/vip/none/;}'
is "$(sync 12:10)" 1 'drift'
has plan '"fields":{"health":"good"},"why":{"health":{"rule":"drift","from":"app"}}' \
    'what is overwritten, and why'
is "$(field hub health)$(field app health)" 'own good good ' 'is ours again'
is "$(field hub note)$(field app note)" 'none vip ' 'what is kept is kept'
is "$(sync 12:15)" 0 'and it rests'

edited app/thing.ndjson 's/vip/gold/'
is "$(sync 12:20)" 1 'a new value'
is "$(field hub note)" 'gold ' 'replaces what was kept'
edited hub/thing.ndjson '/"name":"Ann"/s/good/bad/'
is "$(sync 12:25)" 1 'drift that comes back'
has plan '"why":"goes back and forth"' 'is a conflict'
is "$(sync 12:30)" 0 'which waits'
crm-state -q decide thing app:thing:1 health app
crm-load hub --pending > receipts
is "$(field hub health)" 'own good ' 'a person decides'
is "$(sync 12:35)" 0 'at rest'
edited hub/thing.ndjson '/"name":"Ann"/s/good/fair/'
sync 12:40 > count
edited hub/thing.ndjson '/"name":"Ann"/s/good/poor/'
is "$(sync 12:45)" 1 'another drift'
has plan '"rule":"drift"' 'is overwritten'
done_testing
