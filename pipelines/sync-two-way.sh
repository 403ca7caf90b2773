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
#   ENTITY  of what (customer)
#
# As sync-all.sh, of these two alone.
set -u

usage() {
	echo "usage: sync-two-way.sh [-fnp] [-a PLAN] [-r RECEIPTS] A B" \
		"[ENTITY...]" >&2
	exit 2
}

flags='' plan='' receipts=receipts.ndjson
while getopts fnpa:r: option; do
	case $option in
	[fnp]) flags="$flags -$option" ;;
	a) plan=$OPTARG ;;
	r) receipts=$OPTARG ;;
	*) usage ;;
	esac
done
shift $((OPTIND - 1))
[ $# -ge 2 ] || usage
a=$1 b=$2
shift 2
if [ "$a" = "$b" ]; then
	echo "sync-two-way.sh: $a with itself: name two systems" >&2
	exit 2
fi
[ $# -gt 0 ] || set -- customer
# shellcheck disable=SC2086 # flags is a list of options
exec "${0%/*}/sync-all.sh" $flags ${plan:+-a "$plan"} -r "$receipts" \
	-s "$a" -s "$b" "$@"
