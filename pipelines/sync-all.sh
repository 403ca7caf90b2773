#!/bin/sh
# SPDX-License-Identifier: MIT
# sync-all: the systems of systems.jq come to hold the same, whoever changed
# what.
#
# usage: sync-all.sh [-fnp] [-a PLAN] [-r RECEIPTS] [-s SYSTEM]... [ENTITY...]
#
#   -f  read everything, though a part would do
#   -n  show the plan, change nothing
#   -p  only propose it: crm-state approve releases what is to be done
#   -a  PLAN, as NUMBER:HASH, may pass the ceiling that refused it
#   -r  for receipts (receipts.ndjson)
#   -s  this system, and those of the other -s (every one that is enabled)
#   ENTITY  of what (every one that two of these systems have a mapping for)
#
# What could not be delivered earlier is tried again when it is due.  Prints
# conflicts, and a report for each side that was told something.  Exit status:
# that of the stage that fared worst (4, 2, 3, 1, then 0).
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/stages.sh"
set -f

dry='' propose='' allow='' full='' receipts=receipts.ndjson only=''
while getopts fnpa:r:s: option; do
	case $option in
	f) full=--full ;;
	n) dry=--dry-run ;;
	p) propose=--propose ;;
	a) allow=$OPTARG ;;
	r) receipts=$OPTARG ;;
	s) only="$only $OPTARG" ;;
	*)
		echo "usage: sync-all.sh [-fnp] [-a PLAN] [-r RECEIPTS]" \
			"[-s SYSTEM]... [ENTITY...]" >&2
		exit 2
		;;
	esac
done
shift $((OPTIND - 1))
must_have_home sync-all.sh

refuse() {
	echo "sync-all.sh: $*" >&2
	exit 2
}

# Lines "ENTITY SYSTEM", those others refer to first.
stage systems crm-state systems "$@" > "$ended/systems.ndjson"
sed -n 's/.*"entity":"\([^"]*\)","system":"\([^"]*\)".*/\1 \2/p' \
	"$ended/systems.ndjson" > "$ended/all"
verdict systems || exit

# Of what was named, nothing is left out without a word.
for system in $only; do
	cut -d ' ' -f 2 "$ended/all" | grep -Fqx -e "$system" || refuse "$system: is it in" \
		"systems.jq, enabled, and has it a mapping?"
	for entity in "$@"; do
		grep -Fqx "$entity $system" "$ended/all" ||
			refuse "no mapping $entity.$system"
	done
done
awk -v only="$only " -v named=$# '
	only == " " || index(only, " " $2 " ") {
		side[++sides] = $0
		held[$1]++
	}
	END {
		for (i = 1; i <= sides; i++) {
			split(side[i], part)
			if (named || held[part[1]] > 1)
				print side[i]
		}
	}' "$ended/all" > "$ended/sides"
[ -s "$ended/sides" ] ||
	refuse "no two systems share an entity: see crm-state systems"
entities=$(cut -d ' ' -f 1 "$ended/sides" | uniq)
systems=$(cut -d ' ' -f 2 "$ended/sides" | sort -u)

# What each side shows, as changes since last time.
changes() {
	while read -r entity system; do
		# shellcheck disable=SC2086 # none, or one option
		stage "extract-$entity-$system" crm-extract "$system" \
			-m "$entity.$system" $full < /dev/null |
			stage "map-$entity-$system" \
				crm-map "$entity.$system" |
			stage "diff-$entity-$system" crm-diff
	done < "$ended/sides"
}

stages="resolve $(sed 's/\(.*\) \(.*\)/extract-\1-\2 map-\1-\2 diff-\1-\2/' \
	"$ended/sides")"
# shellcheck disable=SC2086 # lists of names; none, or one option
if [ -n "$dry$propose" ]; then
	changes | stage resolve crm-resolve $dry $propose \
		${allow:+--allow "$allow"} $entities
else
	changes | stage resolve crm-resolve \
		${allow:+--allow "$allow"} $entities > "$ended/plan"
	grep '^{"type":"conflict"' "$ended/plan"
	: > "$receipts"
	for system in $systems; do
		stages="$stages load-$system pending-$system"
		stage "load-$system" crm-load "$system" \
			--report "$ended/report" < "$ended/plan" >> "$receipts"
		grep -q "\"system\":\"$system\"" "$receipts" &&
			cat "$ended/report"
		stage "pending-$system" crm-load "$system" --pending \
			>> "$receipts"
	done
fi
# shellcheck disable=SC2086 # a list of names
verdict $stages
