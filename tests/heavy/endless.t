#!/bin/sh
# SPDX-License-Identifier: MIT
# An expression that does not end is stopped after ten seconds of work, and the
# program with it: the mapping is wrong (2), nothing is concluded.
. "${0%/*}/../lib.sh"
mkdir mappings
echo '{entity: "thing", fields: {name: {type: "text"}}}' > mappings/thing.jq
echo '{entity: "thing", kind: "csv", object: "things", id: "id", fields: {
    name: {from: "name", dir: "pull", read: "until(false; .)"}}}' \
	> mappings/thing.things.jq
CRM_MAPPINGS=mappings
export CRM_MAPPINGS
printf 'id,name\n1,Ann\n' > things.csv
crm-extract csv things.csv -m thing.things > records
timeout -k 5 300 crm-map thing.things < records > out 2> err
is $? 2 'it ends, exit 2'
is "$(cat err)" 'crm-map: expression read: until(false; .): does not end; stopped' \
	'it says which'
is "$(grep -c '"end"' out)" 0 'there is no end'
done_testing
