#!/bin/sh
# SPDX-License-Identifier: MIT
# The commands of README do what it says,
# command by command.
. "${0%/*}/../lib.sh"

mkdir tree
ln -s "$CRM_BIN" tree/bin
for name in pipelines mappings; do
	ln -s "$TREE/$name" tree/$name
done

# ---- two exports ----
cp "$TREE"/tests/docs/files/README/*.csv tree
sed -n '/^## Two exports/,/^## Your/s/^    //p' "$TREE/README.md" |
	grep -vx make > commands
# with make; a line that goes on is one
is "$(grep -vc '\\$' commands)" 8 'so many commands, and make: under ten'
(cd tree && sh -eux ../commands) > out 2> err
is $? 0 'all of them work' || sed 's/^/# /' err
# A line a record, its fields in order of their names.
fields() {
	cut -d , -f 5- "$1" | sed 's/"\([,}]\)/"\n\1/g; s/[{}]//g' |
		sed 's/^,//' | sort
}
fields both/sf/customer.ndjson > sf
fields both/hs/customer.ndjson > hs
is "$(wc -l < both/sf/customer.ndjson)" 3 'four rows are three customers'
same sf hs 'both sides hold the same'
grep Acme both/sf/customer.ndjson | grep 1200000 | grep -q Software
ok $? 'what one knew and what the other knew, of one customer'
(cd both && "$CRM_BIN/crm-status") > out
has out '3 of 3 records are in every system (2)' 'crm-status sees that'
sed -i 's/Austin/Dallas/' both/hs/customer.ndjson
(cd both && PATH=$TREE/pipelines:$PATH && sync-two-way.sh sf hs) > out 2>&1
is $? 0 'an edit, and the last command again'
has both/sf/customer.ndjson Dallas 'it is on the other side'
rm -rf tree/*.csv
cp "$TREE/tests/e2e/exports/hubspot/customer.csv" tree/companies.csv
cp "$TREE/tests/e2e/exports/hubspot/contact.csv" tree/contacts.csv

# ---- your own export, two sides ----
# The indented lines of the section; what makes the tree is not run again.
sed -n '/^## Your own export/,/^## HubSpot/s/^    //p' "$TREE/README.md" |
	grep -vx make > commands
is "$(grep -c . commands)" 18 'README shows so many lines of commands'
(
	cd tree || exit
	# a fold of a line is part of the line before
	sh -eux ../commands
) > out 2> err
is $? 0 'all of them work' || sed 's/^/# /' err
has out '"op":"create"' 'the plan is shown'
has out 'app: 2 created' 'the companies are there'
has out '"customer":"hubspot:companies:9804412101"' \
	'a contact refers to its customer'
has out 'deal.hubspot: 20 of 21 fields mapped, no problem found' \
	'the mapping of a date is right'
is "$(wc -l < sync/app/contact.ndjson)" "$(wc -l < sync/crm/contact.ndjson)" \
	'the second side has as many contacts'
has sync/mappings/customer.ours.jq 'name: {from: "Company name"' \
	'a mapping is proposed'

# ---- HubSpot, rehearsed ----
sed -n '/^## HubSpot/,/^## What/s/^    //p' "$TREE/README.md" > commands
is "$(sed -n '1,/^sync/p' commands | grep -c '^[a-z]')" 9 \
	'commands to the first sync: ten or fewer'
mkfifo hold
SANDBOX=$TREE/tests/sandbox/rehearse
"$SANDBOX" --port 0 < hold > shown 2>&1 &
exec 3> hold
while [ ! -s shown ] && kill -0 $!; do sleep 0.1; done
url=$(grep -o -m 1 'http://127.0.0.1:[0-9]*' shown)
sed "s|http://127.0.0.1:8642|$url|" commands | grep -v '^make' > typed
# nobody types so fast that both are in one second
sed 's/^curl/sleep 1; curl/; $s/^/sleep 2; /' typed > slowly
(unset CRM_NOW CRM_RUN && cd tree && sh -eux ../slowly) > out 2> err
is $? 0 'all of them work' || sed 's/^/# /' err
is "$(wc -l < rehearsal/app/customer.ndjson)" 20 'twenty companies came'
has rehearsal/app/customer.ndjson '"city":"Ulm"' 'and an edit made there'
# what it shows is the same, but for where things are and how lines fold
joined() {
	grep -vE 'PATH=|mkdir|crm-status' "$1" | tr -d '\\ \n'
}
sed -n 's/^    //p' shown > told
is "$(joined told)" "$(joined typed)" 'make sandbox shows the same commands'
exec 3>&-
wait $!
is $? 0 'it ends with its standard input'
done_testing
