#!/bin/sh
# SPDX-License-Identifier: MIT
# import-csv: a CRM's CSV export becomes records of the application's store.
#
# usage: import-csv.sh [-fn] [-a PLAN] [-s SYSTEM] [-e ENTITY] [-t TARGET]
#                      [-r RECEIPTS] FILE [OPTION...]
#
#   -f  FILE is a complete export: what it lacks is gone, and archived (else
#       what it lacks is left alone)
#   -n  show the plan, change nothing
#   -a  PLAN, as NUMBER:HASH, may pass the ceiling that refused it
#   -s  whose export it is (salesforce)     -e  of what (customer)
#   -t  the system to fill (app)            -r  for receipts (receipts.ndjson)
#   OPTION: for crm-extract, as in --encoding ISO-8859-1
#
# Prints the import report.  Exit status: that of the stage that fared worst
# (4, 2, 3, 1, then 0).
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/stages.sh"

system=salesforce entity=customer target=app dry=
receipts=receipts.ndjson listing=--delta allow=""
while getopts fna:s:e:t:r: option; do
	case $option in
	f) listing=--full ;;
	n) dry=--dry-run ;;
	a) allow=$OPTARG ;;
	s) system=$OPTARG ;;
	e) entity=$OPTARG ;;
	t) target=$OPTARG ;;
	r) receipts=$OPTARG ;;
	*) shift $# && break ;;
	esac
done
shift $((OPTIND > $# ? $# : OPTIND - 1))
if [ $# -eq 0 ]; then
	echo "usage: import-csv.sh [-fn] [-a PLAN] [-s SYSTEM]" \
		"[-e ENTITY] [-t TARGET] [-r RECEIPTS] FILE [OPTION...]" >&2
	exit 2
fi
if [ "$system" = "$target" ]; then
	echo "import-csv.sh: $target into itself: -s says whose export it is" >&2
	exit 2
fi
must_have_home import-csv.sh
file=$1
shift

# What the file and the target show, each as changes since last time.
changes() {
	stage 1-extract crm-extract csv "$file" "$listing" -s "$system" \
		-m "$entity.$system" "$@" |
		stage 2-map crm-map "$entity.$system" |
		stage 3-diff crm-diff
	stage 4-extract crm-extract "$target" "$entity" \
		-m "$entity.$target" |
		stage 5-map crm-map "$entity.$target" |
		stage 6-diff crm-diff
}

stages='1-extract 2-map 3-diff 4-extract 5-map 6-diff 7-resolve'
if [ -n "$dry" ]; then
	changes "$@" | stage 7-resolve crm-resolve --dry-run "$entity"
else
	stages="$stages 8-load"
	changes "$@" |
		stage 7-resolve crm-resolve ${allow:+--allow "$allow"} \
			"$entity" |
		stage 8-load crm-load --report "$ended/report" "$target" \
			> "$receipts"
	[ ! -f "$ended/report" ] || cat "$ended/report"
fi
# shellcheck disable=SC2086 # a list of names
verdict $stages
