#!/bin/sh
# SPDX-License-Identifier: MIT
# import-csv.sh: the first import, nothing twice, an edited export; and the
# exit status is that of the stage that fared worst.
. "${0%/*}/../lib.sh"
PATH=$TREE/pipelines:$PATH
cp "$TREE"/examples/first-import/*.csv .
latin='--encoding ISO-8859-1'

# import STATUS NAME ARGUMENT...: runs it, a minute later each time.
minute=10
import() {
	want=$1
	name=$2
	shift 2
	minute=$((minute + 1))
	CRM_NOW=2026-11-20T12:$minute:00Z import-csv.sh "$@" > report 2> errors
	is $? "$want" "$name: exit $want" || sed 's/^/# /' errors
}

import 2 'no home' accountData.csv
crm-state -q init
echo '{app: {kind: "file", path: "app"}, salesforce: {}}' > .crm/systems.jq
import 2 'no file' nothing.csv
import 2 'the wrong encoding' accountData.csv

# shellcheck disable=SC2086 # two words
{
	import 0 'the first import' accountData.csv $latin
	is "$(cat report)" 'app: 423 created, 0 updated, 0 unchanged' \
		'all are created'
	is "$(grep -c '"status":"done"' receipts.ndjson)" 423 \
		'there is a receipt of each'

	import 0 'once more' accountData.csv $latin
	has report '0 created, 0 updated' 'nothing changes'
	cp app/customer.ndjson before

	head -c 60000 accountData.csv > cut.csv
	import 3 'an export cut short' cut.csv $latin
	same app/customer.ndjson before 'it changes nothing'
	import 1 'an edited export, not said to be complete' \
		accountData-edited.csv $latin
	! grep -q archived report
	ok $? 'what it lacks is left alone'
	import 3 'no room for receipts' -f -r /dev/full \
		accountData-edited.csv $latin

	import 1 'a complete export' -f accountData-edited.csv $latin
	import 1 'the same again' -f accountData-edited.csv $latin
	has report '0 created, 0 updated' 'nothing changes'
}
crm-extract app customer > records
is "$(grep -c '"archived":true' records)" 1 'the removed account is archived'
has records 'Crédito Inmobiliario Tierras' 'a changed name is there'
has records 'Bäckerei Lüthi AG' 'the new account is there'
grep McCall-Janeson records | grep -q '"employees":16250'
ok $? 'the account of the rejected row is as it was'
done_testing
