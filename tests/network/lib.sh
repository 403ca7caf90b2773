# SPDX-License-Identifier: MIT
# network/lib.sh: a home beside a fake, for tests in sh.
#
#   RECORDS=400 FAULTS=...; . "${0%/*}/lib.sh"
#
# The test is run again beside the fake: $SANDBOX_URL and so on.  Its system is
# "hubspot", logged in with the fake's token; the clock is the fake's.
. "${0%/*}/../lib.sh"

if [ -z "${SANDBOX_URL:-}" ]; then
	cd / && rm -rf "$WORK"
	exec "$TREE/tests/sandbox/with" --records "${RECORDS:-20}" \
		--faults "${FAULTS:-lag=0}" hubspot -- "$SELF"
fi
unset CRM_NOW CRM_RUN

# sandbox METHOD PATH [BODY]: looks in, and meddles.
sandbox() {
	curl -sS -X "$1" "$SANDBOX_URL/_sandbox/$2" ${3:+-d "$3"}
}

# at INSTANT: it is that, for the fake, whose clock goes on, and for us.
at() {
	sandbox POST clock "{\"now\":\"$1\"}" > /dev/null
	export CRM_NOW="$1"
}

# asked TEXT: how many requests had that in their line of the log.
asked() {
	sandbox GET log | grep -cF -- "$1" || :
}

# systems JQ: declares these, beside hubspot with these terms.
systems() {
	echo "{hubspot: {kind: \"hubspot\", api: \"$SANDBOX_URL\"$2}$1}" \
		> .crm/systems.jq
}

crm-state init -q
systems '' ''
printf '%s\n' "$SANDBOX_TOKEN" | crm-auth login -q hubspot --token

# few: mappings of two fields, which HubSpot leaves as they are.
few() {
	mkdir few
	export CRM_MAPPINGS="$WORK/few"
	echo '{entity: "customer", deletes: "archive", fields: {
	 name: {type: "text", rule: "latest"},
	 city: {type: "text", rule: "latest"}}}' > few/customer.jq
	echo '{entity: "customer", kind: "hubspot", object: "companies",
	 uid: "crm_uid", modified: {from: "hs_lastmodifieddate"},
	 id: {from: "hs_object_id"}, deleted: {from: "archived",
	 value: "true"}, fields: {name: {from: "name", dir: "both"},
	 city: {from: "city", dir: "both"}}}' > few/customer.hubspot.jq
	echo '{entity: "customer", kind: "file", object: "customer",
	 uid: "uid", modified: {from: "modified"}, id: {from: "id"},
	 fields: {name: {from: "name", dir: "both"},
	 city: {from: "city", dir: "both"}}}' > few/customer.file.jq
}
