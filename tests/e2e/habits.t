#!/bin/sh
# SPDX-License-Identifier: MIT
# What every program does alike: events as JSON, progress, which exit status
# wins, --strict, --limit, --quiet, the rejects file.
. "${0%/*}/../lib.sh"
PATH=$TREE/pipelines:$PATH

# rows FROM TO [EMPLOYEES]: an export of accounts.
rows() {
	echo Id,Name,NumberOfEmployees,SystemModstamp
	awk -v from="$1" -v to="$2" -v n="${3:-7}" 'BEGIN {
		for (i = from; i <= to; i++)
			printf "001%05d,Company %d,%s,2026-11-01T10:00:00Z\n",
			    i, i, n }'
}

extract() { # FILE [OPTION...]
	crm-extract csv "$@" -s salesforce -o Account -m customer.salesforce
}

# every_line FILE: each line is one JSON object with these members, as text.
every_line() {
	python3 - "$1" <<'END'
import json, sys
with open(sys.argv[1], encoding="utf-8") as file:
    lines = file.read().splitlines()
for line in lines:
    event = json.loads(line)
    for name in ("time", "run", "stage", "level", "message"):
        assert isinstance(event[name], str) and event[name], (name, line)
    assert event["level"] in ("error", "notice", "detail", "progress"), line
sys.exit(0 if lines else 1)
END
}

{
	rows 1 3
	printf '"00""1\\\n\t4",Odd id,many,2026-11-01T10:00:00Z\n'
} > odd.csv
rows 1 30 > good.csv
crm-state init -q

# ---- events as JSON ----

extract odd.csv > odd-records
for call in "crm-extract --log json no such thing" \
	"crm-extract --log json csv missing.csv" \
	"crm-map --log json no.mapping" \
	"crm-map --log json customer.salesforce" \
	"crm-diff --log json" "crm-resolve --log json nothing" \
	"crm-load --log json nowhere" "crm-state --log json nonsense"; do
	$call < odd-records > out 2> err
	status=$?
	[ $status -ne 0 ] && every_line err
	ok $? "$call: events are JSON" || sed 's/^/# /' err
done
crm-map --log json customer.salesforce < odd-records > out 2> err
has err '"stage":"crm-map","level":"error","system":"salesforce","object":"Account"' \
	'an event says what it is about'
has err '"line":5' 'and in which line'
extract odd.csv | head -n 3 | crm-map --log json customer.salesforce \
	> out 2> err
every_line err
ok $? 'so is the event of an input cut short'

# ---- progress ----

rows 1 60000 > many.csv
extract many.csv --progress > extracted 2> err
grep -Eq '^crm-extract: [0-9]+ [a-z]+, [0-9]+/s, [0-9]+ %, [0-9]+ s left$' err
ok $? 'crm-extract shows count, rate, share and time left' ||
	sed 's/^/# /' err
crm-map --progress customer.salesforce < extracted > mapped 2> err
grep -Eq '^crm-map: [0-9]+ [a-z]+, [0-9]+/s' err
ok $? 'crm-map shows count and rate' || sed 's/^/# /' err
crm-diff --progress < mapped > changed 2> err
grep -Eq '^crm-diff: [0-9]+ [a-z]+, [0-9]+/s' err
ok $? 'crm-diff shows count and rate' || sed 's/^/# /' err
crm-resolve --progress -n < changed > plan 2> err
grep -Eq '^crm-resolve: [0-9]+ [a-z]+, [0-9]+/s' err
ok $? 'crm-resolve shows count and rate' || sed 's/^/# /' err
extract many.csv --progress --log json > out 2> err
every_line err
ok $? 'as JSON with --log json' || sed 's/^/# /' err
has err '"level":"progress","message":"' 'an event of its own level'
extract many.csv > out 2> err
is "$(cat err)" '' 'without a terminal there is none'

# ---- what is known goes on while the input waits ----

extract good.csv > records
crm-map customer.salesforce < records > mapped
for call in "crm-map customer.salesforce" crm-diff; do
	input=records
	[ "$call" = crm-diff ] && input=mapped
	rm -f pipe
	: > out
	mkfifo pipe
	$call < pipe > out 2> err &
	exec 3> pipe
	head -n 3 $input >&3
	tries=0
	while [ "$(wc -l < out)" -lt 3 ] && [ $tries -lt 50 ]; do
		sleep 0.1
		tries=$((tries + 1))
	done
	is "$(wc -l < out)" 3 "$call: a line goes on before the next comes"
	exec 3>&-
	wait
done

mkfifo rows
: > out
crm-extract csv - -s salesforce -o Account -m customer.salesforce < rows \
	> out 2> err &
exec 3> rows
head -n 3 good.csv >&3
tries=0
while [ "$(wc -l < out)" -lt 3 ] && [ $tries -lt 50 ]; do
	sleep 0.1
	tries=$((tries + 1))
done
is "$(wc -l < out)" 3 'crm-extract csv: a row goes on before the next comes'
tail -n +4 good.csv >&3
exec 3>&-
wait
is "$(wc -l < out)" 32 'and the others after it'

# ---- which exit status wins ----

crm-map -q customer.salesforce < odd-records > out 2> err
is $? 1 'a rejected record: 1'
head -n -1 odd-records | crm-map customer.salesforce > out 2> err
is $? 3 'a rejected record and an input cut short: 3'
crm-extract csv missing.csv > /dev/full 2> err
is $? 2 'called wrong and a full disk: 2'

# ---- strict ----

{
	rows 1 1 many
	rows 2 9 | tail -n +2
} > bad-first.csv
extract bad-first.csv > records
crm-map --strict customer.salesforce < records > out 2> err
is $? 1 'crm-map --strict: 1'
grep -q '"type":"end"' out
is $? 1 'no end'
is "$(grep -c '"type":"record"' out)" 0 'and nothing behind the first bad one'
crm-map customer.salesforce < records > out 2> err
is "$(grep -c '"type":"record"' out)" 8 'without it the others go on'
(echo Id,Name; echo ,None; echo 2,Two) > no-id.csv
extract --strict no-id.csv > out 2> err
is $? 1 'crm-extract --strict: 1'
grep -qE '"type":"(end|record)"' out
is $? 1 'no end and no record'

# ---- the rejects file ----

rm -f kept
crm-map --rejects kept customer.salesforce < records > out 2> err
is "$(find kept -perm 600)" kept 'the rejects file is for its owner'
has kept '"reason":"field employees: is no number"' 'it has the reason'
has kept 'Company 1' 'and the record'
grep -q 'Company 1' err
is $? 1 'what is said has no record in it'

# ---- limit concludes nothing ----

# Each an hour after the one before: what is new is not missed at once.
hour=10
import() {
	hour=$((hour + 1))
	CRM_NOW=2026-11-20T$hour:00:00Z import-csv.sh "$@" > report 2> err
}
import good.csv
is $? 0 'an import'
has report '30 created' 'of thirty'
cksum app/customer.ndjson > before
extract good.csv --limit 1 > out
is "$(tail -n 1 out | grep -c '"complete":false')" 1 \
	'a limited section is not complete'
for options in '--limit 1' '--limit 29' '--delta'; do
	rows 1 1 > one.csv
	file=good.csv
	[ "$options" = --delta ] && file=one.csv
	# shellcheck disable=SC2086 # options are words
	import -f $file $options
	cksum app/customer.ndjson > after
	same after before "import $options: nothing is taken for deleted"
done
import -f good.csv
cksum app/customer.ndjson > after
same after before 'and the next import is as if none had been'

# ---- a person must look ----

rows 1 2 > few.csv
import -f few.csv
is $? 4 'the whole export, most of the records gone: 4'
has err 'ceiling' 'and it says why' || sed 's/^/# /' err
cksum app/customer.ndjson > after
same after before 'nothing was done'
plan=$(sed -n 's/.*--allow \([0-9a-f:]*\).*/\1/p' err)
cp -R .crm home-kept && cp -R app app-kept
import -f -a "$plan" few.csv
is $? 0 'that very plan allowed: 0' || sed 's/^/# /' err
has report '28 archived' 'and done'
rm -rf .crm app && mv home-kept .crm && mv app-kept app
import -f -a "1$plan" few.csv
is $? 4 'another plan allowed: 4'
{
	rows 1 1
	rows 2 2 many | tail -n +2
} > few.csv
import -f few.csv
is $? 4 'a rejected record and most gone: 4'

# ---- the same input and state, the same bytes ----

mv app app-before
mv .crm home-before
once() { # NAME: a whole sync of an edited export, every stage kept
	rm -rf .crm app
	cp -R home-before .crm
	cp -R app-before app
	{
		rows 1 20
		rows 21 40 9 | tail -n +2
	} > edited.csv
	mkdir "$1"
	extract edited.csv --delta > "$1/records"
	crm-map customer.salesforce < "$1/records" > "$1/canonical"
	{
		crm-diff < "$1/canonical"
		crm-extract app customer -m customer.app |
			crm-map customer.app | crm-diff
	} > changes
	# the copied store is another file, which its mark says
	sed 's/"checkpoint":{[^}]*},//' changes > "$1/changes"
	crm-resolve customer < changes > "$1/plan"
	crm-load --report "$1/report" app < "$1/plan" > "$1/receipts"
	cat app/customer.ndjson > "$1/store"
	crm-state show customer salesforce:Account:00100021 > "$1/state"
}
once first
once second
for name in records canonical changes plan report receipts store state; do
	same second/$name first/$name "the same $name twice"
done
has first/report '10 created, 10 updated' 'of a sync that does something'

# ---- neither the machine's time zone nor its locale ----

dynamics() {
	crm-extract csv "$TREE/tests/e2e/exports/dynamics/customer.csv" \
		-m customer.dynamics | crm-map customer.dynamics
}
(export TZ=UTC0 LC_ALL=C && dynamics) > plain
(export TZ=XYZ+11:30 LC_ALL=tr_TR.UTF-8 LANG=de_DE.UTF-8 && dynamics) > far
same far plain 'a far zone and another locale: the same bytes'
has plain '"created":"2023-03-01T08:00:00.000Z"' 'of a time without a zone too'

# ---- quiet, verbose ----

import-csv.sh good.csv -q > report 2> err
is "$(cat err)" '' 'a good run says nothing on stderr'
crm-state check > out
is $? 0 'the state is sound after all this'
done_testing
