# SPDX-License-Identifier: MIT
# identity.sh: three stores whose records are not linked, for golden cases.  A
# case's cmd begins with
#
#   . "${0%/*}/../../sync/identity.sh"
#
# app, hub and desk hold org.ndjson each; they match by domain, then by name
# and country.  Order: ORDER="hub app" reads those two, in this order.
. "${0%/*}/../../sync/sync.sh"
CRM_MAPPINGS=${0%/*}/../../sync/identity
export CRM_MAPPINGS
ORDER="app hub desk"

# similar: they match by domain, then by likeness.
similar() {
	CRM_MAPPINGS=${0%/*}/../../sync/similar:$CRM_MAPPINGS
}

home() {
	crm-state -q init
	mkdir -p app hub desk
	for system in app hub desk; do : > $system/org.ndjson; done
	echo '{app: {kind: "file", path: "app"},
	    hub: {kind: "file", path: "hub"},
	    desk: {kind: "file", path: "desk"}}' > .crm/systems.jq
}

changes() {
	for system in $ORDER; do
		crm-extract --full "$system" org -m "org.$system" |
			crm-map "org.$system" | nameless | crm-diff
	done
}

# shellcheck disable=SC2120 # cases call it with options
plan() { changes | crm-resolve org "$@" || [ $? -eq 1 ]; }

# sync: a whole run; a line each for what was done or is asked.
sync() {
	plan > plan.ndjson
	: > receipts
	for system in app hub desk; do
		crm-load "$system" < plan.ndjson >> receipts
	done
	receipts
	lines conflict plan.ndjson
}

stores() {
	for system in app hub desk; do
		[ -s $system/org.ndjson ] || continue
		echo "$system"
		sed -e 's/,"version":"[^"]*"//' -e 's/,"modified":"[^"]*"//' \
		    -e 's/^/  /' $system/org.ndjson
	done
}

# has SYSTEM LINE...: a record a line.
has() {
	system=$1
	shift
	printf '%s\n' "$@" >> "$system/org.ndjson"
}
