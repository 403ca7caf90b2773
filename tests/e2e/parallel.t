#!/bin/sh
# SPDX-License-Identifier: MIT
# Stages side by side: pieces of one stream through several crm-map, sections
# made at once and put behind each other; and a piece that is lost.
. "${0%/*}/../lib.sh"
mapping=customer.salesforce

{
	echo Id,Name,Website,LastModifiedDate
	seq 1 4000 | sed 's|.*|001&,Name &,a&.com,2026-01-01T00:00:00Z|'
} > accounts.csv
crm-state -q init
crm-extract csv accounts.csv -s salesforce -m $mapping > raw
crm-map $mapping < raw | crm-diff > one
# What a stage counted is in no piece's end.
plain() { sed 's/,"stages":.*/}/' "$1"; }
plain one > want

split -n l/7 raw piece.
printf '%s\n' piece.?? | xargs -P 4 -I {} \
	sh -c 'crm-map --part customer.salesforce < {} > mapped.{}'
is $? 0 "crm-map takes pieces, four at once"
cat mapped.* | crm-diff > got
is $? 0 "crm-diff takes the pieces for the whole they are"
plain got > got.plain
same got.plain want "and nothing else comes out"

rm mapped.piece.ad
cat mapped.* | crm-diff > lost 2> err
is $? 3 "without one of them it stops"
has err "records, not those its end speaks of" "and says so"
is "$(grep -c '^{"type":"end"' lost)" 0 "and concludes nothing"

if command -v parallel > /dev/null; then
	parallel --will-cite --pipe --keep-order --block 50k \
		crm-map --part $mapping < raw | crm-diff > got
	plain got > got.plain
	same got.plain want "parallel --pipe: the same"
	parallel --will-cite --pipe --block 50k \
		crm-map --part $mapping < raw | crm-diff > got 2> err
	end=$?
	[ $end -eq 0 ] || [ $end -eq 3 ]
	ok $? "in another order: the same, or refused"
else
	note "parallel is not installed"
fi

# Sections of several systems, made at once, put behind each other.
mkdir -p app
crm-extract csv accounts.csv -s salesforce -m $mapping |
	crm-map $mapping | crm-diff > first &
crm-extract app customer -m customer.app | crm-map customer.app |
	crm-diff > second &
wait
cat first second | crm-resolve customer > plan 2> err
is $? 0 "two sides read at once, then resolved"
is "$(grep -c '^{"type":"operation"' plan)" 4000 "all of it is planned"
done_testing
