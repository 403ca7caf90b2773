#!/bin/sh
# SPDX-License-Identifier: MIT
# README's "Your own export" and "Two sides" do what they say, command by
# command.
. "${0%/*}/../lib.sh"

mkdir tree
ln -s "$CRM_BIN" tree/bin
for name in pipelines mappings; do
	ln -s "$TREE/$name" tree/$name
done
cp "$TREE/tests/e2e/exports/hubspot/customer.csv" tree/companies.csv
cp "$TREE/tests/e2e/exports/hubspot/contact.csv" tree/contacts.csv

# The indented lines of the section; what makes the tree is not run again.
sed -n '/^## Your own export/,/^## What/s/^    //p' "$TREE/README.md" |
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
has out 'deal.hubspot: 18 of 20 fields mapped, no problem found' \
	'the mapping of a date is right'
is "$(wc -l < sync/app/contact.ndjson)" "$(wc -l < sync/crm/contact.ndjson)" \
	'the second side has as many contacts'
has sync/mappings/customer.ours.jq 'name: {from: "Company name"' \
	'a mapping is proposed'
done_testing
