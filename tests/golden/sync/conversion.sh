# SPDX-License-Identifier: MIT
# conversion.sh: three stores with leads that become contacts and deals, for
# golden cases.  A case's cmd begins with
#
#   . "${0%/*}/../../sync/conversion.sh"
#
# crm, app and desk hold lead.ndjson, contact.ndjson and deal.ndjson each; a
# lead of status "converted" became the contact and the deal it names.  READ
# is what is read of each system, ORDER which ones are, and in which order.
. "${0%/*}/../../sync/sync.sh"
ORDER="crm app desk"
READ="lead contact deal"

# home [POLICY]: what `converts` says; review if it is not said.
home() {
	mkdir -p crm app desk maps
	cp "${0%/*}"/../../sync/conversion/*.jq maps
	sed -i "s/\"CONVERTS\"/\"${1:-review}\"/" maps/lead.jq
	CRM_MAPPINGS=maps
	export CRM_MAPPINGS
	crm-state -q init
	for system in crm app desk; do
		for entity in lead contact deal; do
			: > $system/$entity.ndjson
		done
	done
	echo '{crm: {kind: "file", path: "crm"},
	    app: {kind: "file", path: "app"},
	    desk: {kind: "file", path: "desk"}}' > .crm/systems.jq
}

changes() {
	for system in $ORDER; do
		for entity in $READ; do
			crm-extract --full "$system" "$entity" \
			    -m "$entity.$system" |
			    crm-map "$entity.$system" | nameless | crm-diff
		done
	done
}

# shellcheck disable=SC2120 # cases call it with options
plan() { changes | crm-resolve "$@" || [ $? -eq 1 ]; }

# sync: a whole run; a line each for what was done or is asked.
sync() {
	plan > plan.ndjson
	: > receipts
	for system in crm app desk; do
		crm-load "$system" < plan.ndjson >> receipts || [ $? -eq 1 ]
		crm-load "$system" --pending >> receipts || [ $? -eq 1 ]
	done
	receipts
	lines conflict plan.ndjson
}

# settle: as many runs as it takes to say nothing any more, at most five.
settle() {
	for _ in 1 2 3 4 5; do
		sync > settled
		[ -s settled ] || return 0
	done
	echo "does not settle"
	cat settled
}

stores() {
	for entity in lead contact deal; do
		for system in crm app desk; do
			[ -s $system/$entity.ndjson ] || continue
			echo "$system $entity"
			sed -e 's/,"version":"[^"]*"//' \
			    -e 's/,"modified":"[^"]*"//' -e 's/^/  /' \
			    $system/$entity.ndjson
		done
	done
}

# has SYSTEM ENTITY LINE...: a record a line.
has() {
	file=$1/$2.ndjson
	shift 2
	printf '%s\n' "$@" >> "$file"
}

# converts SYSTEM ID MEMBERS: somebody converts that lead there, now.
converts() {
	edit "$1/lead.ndjson" "$2" "s/}\$/,\"status\":\"converted\",$3}/"
}

# life UID [ENTITY]: in short, what is known of it.
life() {
	crm-state show "${2:-lead}" "$1" | sed -e 's/{"ref":[^}]*}/0/g' \
	    -e 's/"agreed":.*"systems"/"systems"/' \
	    -e 's/,"\(object\|version\|modified\|synced\)":"[^"]*"//g' \
	    -e 's/,"values":{[^}]*}//g' -e 's/,"differs":{[^}]*}//g'
}
