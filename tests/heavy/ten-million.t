#!/bin/sh
# SPDX-License-Identifier: MIT
# Ten million records through extract, map and diff, each with 256 MB of data
# memory.  CRM_HEAVY_ROWS=N makes it N.
. "${0%/*}/../lib.sh"
: "${CRM_HEAVY_ROWS:=10000000}"
export CRM_MAPPINGS="$TREE/tests/bench/mappings"

cc -O2 -D_POSIX_C_SOURCE=200809L -o generate "$TREE/tests/bench/generate.c" ||
	skip_all 'the generator could not be built'
crm-state init > /dev/null

# stage NAME COMMAND...: with little memory; writes its exit status down.
stage() {
	name=$1
	shift
	prlimit --data=268435456 "$@"
	echo $? > "$name"
}

./generate -n "$CRM_HEAVY_ROWS" |
	stage extract crm-extract csv - -s salesforce -o Account -k Id |
	stage map crm-map customer.salesforce |
	stage diff crm-diff |
	tail -n 1 > end
for name in extract map diff; do
	is "$(cat $name)" 0 "crm-$name: $CRM_HEAVY_ROWS records in 256 MB"
done
has end "\"count\":$CRM_HEAVY_ROWS," 'all of them came out'
has end '"complete":true' 'the section is whole'
done_testing
