#!/bin/sh
# SPDX-License-Identifier: MIT
# How much may change before a person looks: in one run and in a day, on small
# sides and large ones; and that an override fits one plan only.
. "${0%/*}/../lib.sh"
. "$TREE/tests/golden/sync/sync.sh"
CRM_MAPPINGS=$TREE/tests/golden/sync/mappings

# people FROM TO NAME [CITY]: records, as the application has them.
people() {
	awk -v from="$1" -v to="$2" -v name="$3" -v city="${4:-}" 'BEGIN {
		for (i = from; i <= to; i++)
			printf "{\"id\":\"%d\",\"name\":\"%s%d\"%s," \
			    "\"modified\":\"%s\"}\n", i, name, i, city ? ",\"city\":\"" city "\"" : "",
			    ENVIRON["CRM_NOW"] }'
}

# fresh N: two stores of N people each, in step.
fresh() {
	rm -rf .crm app hub
	at 10:00
	home
	people 1 "$1" P > app/person.ndjson
	sync > out
	at 10:01
	sync > out
}

# gone N [OPTION...]: the first N lines of the application are no more.
gone() {
	sed -i "1,${1}d" app/person.ndjson
	shift
	decide "$@"
}

# decide [OPTION...]: a run; what is decided is delivered.
decide() {
	cp .crm/state/data.mdb before.mdb
	plan "$@" > plan.ndjson 2> err
	status=$?
	crm-load app < plan.ndjson > receipts 2>> err
	crm-load hub < plan.ndjson >> receipts 2>> err
	return $status
}

untouched() {
	cmp -s before.mdb .crm/state/data.mdb
	ok $? "$1: nothing is committed"
}

# ---- small sides ----

for n in 1 2 3 4 5; do
	fresh $n
	gone "$n"
	is $? 4 "all of $n gone: 4"
	untouched "all of $n gone"
	has err "app: $n vanished of $n person records" 'it says how many'
done
fresh 4
gone 3
is $? 4 'three of four gone: 4'
has err 'such as app:person:1, app:person:2, app:person:3' 'it gives examples'
grep -q 'P[0-9]' err
is $? 1 'and no values'
allow=$(sed -n 's/.*--allow \([0-9a-f:]*\).*/\1/p' err)
decide --allow "$allow"
is $? 0 'that very plan allowed: 0'
is "$(grep -c archived hub/people.ndjson)" 3 'and done'
fresh 4
gone 2
is $? 0 'two of four gone: they were deleted'
fresh 4
gone 1
is $? 0 'one of four gone: it was deleted'
fresh 4
gone 4 --max-deletes 100
is $? 0 '--max-deletes 100 lets all go'
fresh 4
rm app/person.ndjson
decide
is $? 4 'the file gone: 4'
untouched 'the file gone'

# ---- a day of small runs ----

fresh 60
for hour in 11 12 13; do
	at $hour:00
	gone 3
	is $? 0 "three of many gone at $hour:00"
done
at 14:00
gone 3
is $? 4 'three more are too many for a day'
untouched 'too many for a day'
has err '12 vanished of 51 person records in 24 hours' 'it says so'
at 10:59 21
decide
is $? 4 'also 24 hours later less a minute'
at 11:00 21
decide
is $? 0 'the first ones are a day ago: it passes'
fresh 60
for hour in 11 12 13; do
	at $hour:00
	gone 3
done
at 14:00
gone 3
allow=$(sed -n 's/.*--allow \([0-9a-f:]*\).*/\1/p' err)
decide --allow "$allow"
is $? 0 'a person allows it'
at 14:10
gone 3
is $? 0 'and it counts from zero again'

# ---- one value on many records ----

fresh 250
at 10:10
people 1 250 P Bonn > app/person.ndjson
decide
is $? 4 'one value on all records: 4'
untouched 'one value on all records'
has err 'hub: 250 times one value in field city of 250 person records' \
	'it says which field and how many' || sed 's/^/# /' err
grep -q Bonn err
is $? 1 'but not the value'
allow=$(sed -n 's/.*--allow \([0-9a-f:]*\).*/\1/p' err)
decide --dry-run
is $? 4 'a dry run says so too'
is "$(sed -n 's/.*"plan":"\([^"]*\)".*/\1/p' plan.ndjson)" "$allow" \
	'and names the same plan'
decide --allow "$allow"
is $? 0 'allowed: 0'
fresh 250
at 10:10
{ people 1 100 P Bonn; people 101 250 P; } > app/person.ndjson
decide
is $? 0 'a hundred are free'
fresh 500
at 10:10
{ people 1 150 P Bonn; people 151 500 P; } > app/person.ndjson
decide
is $? 0 '30 % are no storm'
fresh 500
at 10:10
{ people 1 151 P Bonn; people 152 500 P; } > app/person.ndjson
decide
is $? 4 'one more is'
has err '151 times' 'counted exactly'
decide --max-spread 31
is $? 0 '--max-spread lets them pass'
fresh 500
at 10:10
people 1 500 Q > app/person.ndjson
decide
is $? 0 'as many different values are no storm'

# ---- one value in a day of small runs ----

# bonn FROM TO OF: these get the one value.
bonn() {
	{
		cat kept-lines
		people "$1" "$2" P Bonn
		people $(($2 + 1)) "$3" P
	} > app/person.ndjson
	people 1 "$2" P Bonn > kept-lines
}
fresh 500
: > kept-lines
for i in 1 2 3 4; do
	at $((10 + i)):00
	bonn $((75 * i - 74)) $((75 * i)) 500
	decide
	is $? 0 "75 more of 500 at $((10 + i)):00"
done
at 15:00
bonn 301 301 500
decide
is $? 4 'one more is over 60 % of a day'
untouched 'one value in a day'
has err 'hub: 301 times one value in field city of 500 person records in 24 hours' \
	'it says how many and in what time'
has err 'ceiling of 60 % (200 are free); such as app:person:301' 'and where'
allow=$(sed -n 's/.*--allow \([0-9a-f:]*\).*/\1/p' err)
cp -R .crm crm-day
cp -R hub hub-day
at 10:59 21
decide
is $? 4 'also 24 hours later less a minute'
at 11:00 21
decide
is $? 0 'the first ones are a day ago: it passes'
rm -rf .crm hub
mv crm-day .crm
mv hub-day hub
at 15:00
decide --allow "$allow"
is $? 0 'a person allows it'
at 15:10
bonn 302 376 500
decide
is $? 0 'and it counts from zero again'
fresh 250
for i in 1 2 3; do
	at $((10 + i)):00
	people 1 250 "Q$i" > app/person.ndjson
	decide
	is $? 0 "as many different values at $((10 + i)):00"
done

# ---- first contact ----

# Both have them, under our uid, and differ in a field one system prevails in.
meet() { # N OPTION...
	rm -rf .crm app hub
	at 10:00
	home
	people 1 300 P Bonn > app/person.ndjson
	{
		people 1 "$1" P Kiel
		people $(($1 + 1)) 300 P Bonn
	} | sed 's/"id":"\([0-9]*\)"/"id":"h\1","uid":"app:person:\1"/' \
		> hub/people.ndjson
	shift
	{ app | crm-diff; } | crm-resolve person > plan.ndjson 2> err
	at 10:05
	decide "$@"
}
meet 120
is $? 4 'many values replaced at first contact: 4'
untouched 'first contact'
has err 'app: 120 values replaced at first contact of 300 person records' \
	'it says how many' || sed 's/^/# /' err
meet 120 --max-first 40 --max-spread 100
is $? 0 '--max-first lets them pass'
meet 100
is $? 0 'a hundred are free'

# ---- an override fits one plan ----

hash_of() {
	plan --dry-run --max-deletes 100 2> err |
		sed -n 's/.*"plan":"[0-9]*:\([^"]*\)".*/\1/p'
}
fresh 20
cp -R .crm crm-kept
cp app/person.ndjson kept
at 10:10
: > hashes
differs() { # what was changed is one plan, and no other
	hash_of >> hashes
	is "$(sort hashes | uniq -d)" '' "another plan: $1"
	cp kept app/person.ndjson
}
hash_of >> hashes
sed -i 1d app/person.ndjson
differs 'one deletion'
sed -i 2d app/person.ndjson
differs 'of another record'
sed -i 1,2d app/person.ndjson
differs 'of two'
edit app/person.ndjson 1 's/P1/Q1/'
differs 'an edit'
edit app/person.ndjson 1 's/P1/Q2/'
differs 'of another value'
edit app/person.ndjson 2 's/P2/Q1/'
differs 'of another record'
edit app/person.ndjson 1 's/"name"/"bio":"Q1","name"/'
differs 'of another field'
people 21 21 P >> app/person.ndjson
differs 'a new record'
people 22 22 P >> app/person.ndjson
differs 'another new record'
done_testing
