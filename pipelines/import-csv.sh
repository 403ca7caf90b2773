#!/bin/sh
# SPDX-License-Identifier: MIT
# import-csv: a CRM's CSV export becomes records of the application's store.
#
# usage: import-csv.sh [-fn] [-a PLAN] [-s SYSTEM] [-o OBJECT] [-e ENTITY]
#                      [-t TARGET] [-r RECEIPTS] FILE [OPTION...]
#
#   -f  FILE is a complete export: what it lacks is gone, and archived (else
#       what it lacks is left alone)
#   -n  show the plan, change nothing
#   -a  PLAN, as NUMBER:HASH, may pass the ceiling that refused it
#   -s  whose export it is (salesforce)     -e  of what (customer)
#   -o  what the system calls that, if not as the mapping says
#   -t  the system to fill (app)            -r  for receipts (receipts.ndjson)
#   OPTION: for crm-extract, as in --encoding ISO-8859-1
#
# Prints the import report.  Exit status: that of the stage that fared worst
# (4, 2, 3, 1, then 0).  A pipe alone would tell only the last one's, so each
# stage writes its own down.
set -u
export LC_ALL=C

system=salesforce object="" entity=customer target=app dry=
receipts=receipts.ndjson listing=--delta allow=""
while getopts fna:s:o:e:t:r: option; do
	case $option in
	f) listing=--full ;;
	n) dry=--dry-run ;;
	a) allow=$OPTARG ;;
	s) system=$OPTARG ;;
	o) object=$OPTARG ;;
	e) entity=$OPTARG ;;
	t) target=$OPTARG ;;
	r) receipts=$OPTARG ;;
	*) shift $# && break ;;
	esac
done
shift $((OPTIND > $# ? $# : OPTIND - 1))
if [ $# -eq 0 ]; then
	echo "usage: import-csv.sh [-fn] [-a PLAN] [-s SYSTEM] [-o OBJECT]" \
		"[-e ENTITY] [-t TARGET] [-r RECEIPTS] FILE [OPTION...]" >&2
	exit 2
fi
if [ ! -d "${CRM_HOME:-.crm}" ]; then
	echo "import-csv.sh: ${CRM_HOME:-.crm}: no home of a sync here; run" \
		"crm-state init, or set CRM_HOME" >&2
	exit 2
fi
file=$1
shift

ended=$(mktemp -d) || exit 3
trap 'rm -rf "$ended"' EXIT
trap 'exit 3' HUP INT TERM

# stage NAME COMMAND...: runs it and writes down how it ended.
stage() {
	name=$1
	shift
	"$@"
	echo $? > "$ended/$name"
}

# What the file and the target show, each as changes since last time.
changes() {
	stage 1-extract crm-extract csv "$file" "$listing" -s "$system" \
		${object:+-o "$object"} -m "$entity.$system" "$@" |
		stage 2-map crm-map "$entity.$system" |
		stage 3-diff crm-diff
	stage 4-extract crm-extract "$target" "$entity" \
		-m "$entity.$target" |
		stage 5-map crm-map "$entity.$target" |
		stage 6-diff crm-diff
}

# Exit status of the whole: the worst by meaning, not by number.  A stage
# without one was killed, and one that a signal ended has done nothing wrong
# that a second run would not mend.
verdict() {
	worst=0
	for name in "$@"; do
		status=3
		[ -s "$ended/$name" ] && read -r status < "$ended/$name"
		[ "$status" -le 4 ] || status=3
		case $worst$status in
		[0-4]4 | [0-3]2 | [013]3 | 01) worst=$status ;;
		esac
	done
	return "$worst"
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
