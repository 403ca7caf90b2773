#!/bin/sh
# SPDX-License-Identifier: MIT
# What a system makes of what it is sent (cut to its length, its own form of a
# phone, spaces, case, a value it has no room for) is nobody's edit: it stays
# there, and goes nowhere.  What a person edits there goes on.
. "${0%/*}/../lib.sh"

mkdir mappings app hub
export CRM_MAPPINGS=mappings
cat > mappings/thing.jq <<'END'
{entity: "thing", fields: {
  name: {type: "text", rule: "latest"}, mail: {type: "email", rule: "latest"},
  tel: {type: "phone", rule: "latest"}, code: {type: "text", rule: "latest"},
  note: {type: "text", rule: "latest"}}}
END
cat > mappings/thing.app.jq <<'END'
{entity: "thing", kind: "file", object: "thing", id: "id",
 modified: "modified", uid: "uid",
 fields: {name: {from: "name", dir: "both"}, mail: {from: "mail", dir: "both"},
   tel: {from: "tel", dir: "both"}, code: {from: "code", dir: "both"},
   note: {from: "note", dir: "both"}}}
END
cat > mappings/thing.hub.jq <<'END'
{entity: "thing", kind: "file", object: "thing", id: "id",
 modified: "modified", uid: "uid",
 fields: {name: {from: "name", dir: "both", max_length: 8, on_misfit: "truncate"},
   mail: {from: "mail", dir: "both"}, tel: {from: "tel", dir: "both"},
   code: {from: "code", dir: "both", max_length: 4, on_misfit: "null"},
   note: {from: "note", dir: "both"}}}
END
crm-state -q init
echo '{app: {kind: "file", path: "app"}, hub: {kind: "file", path: "hub"}}' \
    > .crm/systems.jq

at() {
	CRM_NOW=2026-11-20T$1:00Z
	export CRM_NOW
}

# sync HH:MM: a whole run; `plan` holds what was decided.
sync() {
	at "$1"
	{ for s in app hub; do
		crm-extract "$s" thing -m "thing.$s" --full | crm-map "thing.$s" |
		    crm-diff
	done; } | crm-resolve thing > plan
	crm-load app < plan > receipts
	crm-load hub < plan >> receipts
}

# touched FILE SED: changed there, by whom ever, at the time it is.
touched() {
	sed -i -e "$2" -e "s/\"modified\":\"[^\"]*\"/\"modified\":\"$CRM_NOW\"/" "$1"
}

decisions() {
	grep -cE '^\{"type":"(operation|conflict)"' plan
}

store() {
	sed -e 's/,"version":"[^"]*"//' -e 's/,"modified":"[^"]*"//' \
	    -e 's/,"uid":"[^"]*"//' "$1/thing.ndjson"
}

cat > app/thing.ndjson <<'END'
{"id":"1","name":"Adler & Sons","mail":"a@x.org","tel":"+49 30 123456","code":"K-1000","note":"n","modified":"2026-11-19T10:00:00Z"}
END
sync 12:00
is "$(store hub)" '{"id":"app:thing:1","name":"Adler & ","mail":"a@x.org","tel":"+4930123456","note":"n"}' \
    "the hub is sent what fits"
sync 12:05
is "$(decisions)" 0 "what was cut on the way there is no edit of it"

at 12:10
touched hub/thing.ndjson 's/"name":"Adler & "/"name":"Adler \&"/
	s/a@x.org/A@X.org/; s/"note":"n"/"note":" n\\r\\n"/'
sync 12:15
is "$(decisions)" 0 "nor is what the hub makes of it later"
sync 12:20
is "$(decisions)" 0 "and it stays so"
is "$(store app)" '{"id":"1","name":"Adler & Sons","mail":"a@x.org","tel":"+49 30 123456","code":"K-1000","note":"n"}' \
    "the application's own is untouched"

at 12:25
touched hub/thing.ndjson 's/"note":" n\\r\\n"/"note":"more"/'
sync 12:30
is "$(store app | sed 's/.*"note"/"note"/')" '"note":"more"}' \
    "an edit beside it arrives, and takes nothing else along"
is "$(store app | sed 's/,"mail.*//')" '{"id":"1","name":"Adler & Sons"' \
    "the name that is held cut is whole here"

at 12:35
touched app/thing.ndjson 's/Adler & Sons/Adler \& Daughters/'
sync 12:40
sync 12:45
is "$(decisions)" 0 "a later value that is cut alike is settled too"
is "$(store app | sed 's/,"mail.*//')" '{"id":"1","name":"Adler & Daughters"' \
    "and stands"

at 12:50
touched hub/thing.ndjson 's/"name":"[^"]*"/"name":"Hawk"/'
sync 12:55
is "$(decisions)" 1 "an edit of what is held cut is one for a person"
has plan '"conflict"' "it is a conflict"
has plan '"hub":{"value":"Hawk"' "which says what the hub has"
sync 13:00
is "$(decisions)" 0 "it waits"
is "$(store app | sed 's/,"mail.*//')" '{"id":"1","name":"Adler & Daughters"' \
    "and nothing is lost meanwhile"
at 13:05
touched app/thing.ndjson 's/Adler & Daughters/Hawk/'
sync 13:10
is "$(crm-state conflicts)" "" "equal values close it"
sync 13:15
is "$(decisions)" 0 "at rest"

at 13:20
touched app/thing.ndjson 's/"name":"Hawk"/"name":"Hawk \& Eagle"/'
sync 13:25
at 13:30
touched hub/thing.ndjson 's/"name":"[^"]*"/"name":"Owl"/'
sync 13:35
has plan '"conflict"' "what was sent cut and edited before it was read again is one, too"
is "$(store app | sed 's/,"mail.*//')" '{"id":"1","name":"Hawk & Eagle"' \
    "and nothing is lost"

done_testing
