#!/bin/sh
# SPDX-License-Identifier: MIT
# Exports of four CRMs, six entities each, through the shipped mappings and
# pipelines/import-csv.sh: what the store holds, with its references; and that
# the same exports change nothing once every reference was followed.
. "${0%/*}/../lib.sh"
PATH=$TREE/pipelines:$PATH
exports=$TREE/tests/e2e/exports

# import SYSTEM: everything, those referred to first.
import() {
	for entity in user customer contact deal lead activity; do
		import-csv.sh -s "$1" -e $entity \
			"$exports/$1/$entity.csv" 2>> err
		is $? 0 "$1: $entity: exit 0"
	done
}

# What the store holds, but for what each run makes anew.
holds() {
	for entity in user customer contact deal lead activity; do
		sed 's/"version":"[^"]*","modified":"[^"]*",//' \
			app/$entity.ndjson
	done
}

rows() { # SYSTEM
	python3 -c 'import csv, glob, sys
print(sum(len(list(csv.reader(open(f, encoding="utf-8-sig", newline="")))) - 1
	for f in glob.glob(sys.argv[1] + "/*.csv")))' "$exports/$1"
}

for system in salesforce hubspot pipedrive dynamics; do
	rm -rf .crm app
	crm-state init -q
	: > err
	import $system > first
	grep -v '^app:' first
	is "$(sed -n 's/^app: \([0-9]*\) created.*/\1/p' first |
		awk '{ n += $1 } END { print n }')" "$(rows $system)" \
		"$system: a record for every row"
	is "$(cat err)" '' "$system: nothing to complain of"

	# A reference within an object is followed by the run after.
	import $system > second
	grep -v '^app:' second
	grep -q '[1-9][0-9]* created' second
	is $? 1 "$system: nothing is created twice"
	holds > got
	same got "$exports/$system/want.ndjson" "$system: the store"

	import $system > third
	grep -v '^app:' third
	grep -Eq '[1-9][0-9]* (created|updated|archived)' third
	is $? 1 "$system: the same exports change nothing"
	crm-state check > /dev/null
	is $? 0 "$system: the state is sound"
done

rm -rf .crm app
import-csv.sh "$exports/salesforce/customer.csv" > out 2> err
is $? 2 'no home: exit 2'
is "$(cat err)" 'import-csv.sh: .crm: no home of a sync here; run crm-state init, or set CRM_HOME' \
	'in one line, which says what to do'
[ ! -e .crm ] && [ ! -e app ]
ok $? 'and none is made'
import-csv.sh -x > out 2> err
is $? 2 'a wrong option: exit 2'

# Dates in a form of their reader's: refused with a reason, until a mapping of
# one's own says which form it is.
rm -rf .crm app
crm-state init -q
cat > report.csv <<'END'
Opportunity ID,Opportunity Name,Close Date,Created Date
006Hs00001QwErTIAV,Forty seats,03/04/2026,01/02/2026
END
import-csv.sh -s salesforce -e deal report.csv > out 2> err
is $? 1 "a date in an unknown form: exit 1"
has out '1 skipped' 'the report counts it'
has err 'field close_date' 'and names the field'
mkdir mappings
sed 's|^ fields:| date: "%m/%d/%Y",&|' "$TREE/mappings/deal.salesforce.jq" \
	> mappings/deal.salesforce.jq
CRM_MAPPINGS=mappings:$CRM_MAPPINGS
import-csv.sh -s salesforce -e deal report.csv > out
is $? 0 "with a mapping of one's own: exit 0"
has app/deal.ndjson '"close_date":"2026-03-04"' 'it is read as that says'
done_testing
