#!/bin/sh
# SPDX-License-Identifier: MIT
# sync-two-way: two systems come to hold the same, whoever changed what.
#
# usage: sync-two-way.sh [-fnp] [-a PLAN] [-r RECEIPTS] A B [ENTITY...]
#
#   -f  read everything, though a part would do
#   -n  show the plan, change nothing
#   -p  only propose it: crm-state approve releases what is to be done
#   -a  PLAN, as NUMBER:HASH, may pass the ceiling that refused it
#   -r  for receipts (receipts.ndjson)
#   ENTITY  those others refer to first (customer)
#
# What could not be delivered earlier is tried again when it is due.  Prints
# conflicts, and a report for each side that was told something.  Exit status:
# that of the stage that fared worst (4, 2, 3, 1, then 0).
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/stages.sh"

dry='' propose='' allow='' full='' receipts=receipts.ndjson
while getopts fnpa:r: option; do
	case $option in
	f) full=--full ;;
	n) dry=--dry-run ;;
	p) propose=--propose ;;
	a) allow=$OPTARG ;;
	r) receipts=$OPTARG ;;
	*) shift $# && break ;;
	esac
done
shift $((OPTIND > $# ? $# : OPTIND - 1))
if [ $# -lt 2 ]; then
	echo "usage: sync-two-way.sh [-fnp] [-a PLAN] [-r RECEIPTS] A B" \
		"[ENTITY...]" >&2
	exit 2
fi
must_have_home sync-two-way.sh
a=$1 b=$2
shift 2
[ $# -gt 0 ] || set -- customer

# show ENTITY SYSTEM: what a system shows, as changes since last time.
show() {
	# shellcheck disable=SC2086 # none, or one option
	stage "extract-$1-$2" crm-extract "$2" -m "$1.$2" $full |
		stage "map-$1-$2" crm-map "$1.$2" |
		stage "diff-$1-$2" crm-diff
}

changes() {
	for entity in "$@"; do
		show "$entity" "$a"
		show "$entity" "$b"
	done
}

stages=resolve
for entity in "$@"; do
	for system in "$a" "$b"; do
		stages="$stages extract-$entity-$system map-$entity-$system"
		stages="$stages diff-$entity-$system"
	done
done
if [ -n "$dry$propose" ]; then
	changes "$@" | stage resolve crm-resolve $dry $propose \
		${allow:+--allow "$allow"} "$@"
else
	changes "$@" | stage resolve crm-resolve \
		${allow:+--allow "$allow"} "$@" > "$ended/plan"
	grep '^{"type":"conflict"' "$ended/plan"
	: > "$receipts"
	for system in "$a" "$b"; do
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
