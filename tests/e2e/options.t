#!/bin/sh
# SPDX-License-Identifier: MIT
# Options that no other test tries: the long names, the ceilings one by one,
# --verbose.
. "${0%/*}/../lib.sh"

crm-state init -q
names() { # FROM TO NAME
	awk -v from="$1" -v to="$2" -v name="$3" 'BEGIN {
		print "Id,Name,Phone"
		for (i = from; i <= to; i++)
			print i "," name i ",+1 555 555 " 1000 + i }'
}

sides() {
	crm-extract csv accounts.csv --delta -m customer.salesforce |
		crm-map customer.salesforce | crm-diff
	crm-extract app customer -m customer.app | crm-map customer.app |
		crm-diff
}

sync() { # OPTION...: of crm-resolve
	sides > changes
	crm-resolve "$@" customer < changes > plan 2> err || return
	crm-load app < plan > receipts
}

# ---- long names are the short ones ----

names 1 3 Company > accounts.csv
crm-extract csv accounts.csv -s salesforce -o Account -k Id -d , \
	-m customer.salesforce > short
crm-extract csv accounts.csv --system salesforce --object Account \
	--key Id --delimiter , --mapping customer.salesforce > long
same long short 'crm-extract: long options are the short ones'
crm-extract csv accounts.csv --system=salesforce --object=Account -kId -d, \
	--mapping=customer.salesforce > joined
same joined short 'with = and without a space too'

# ---- verbose ----

for call in "crm-extract csv accounts.csv" "crm-map customer.salesforce" \
	crm-diff "crm-resolve customer" "crm-load --pending app" \
	"crm-state check"; do
	$call -v < /dev/null > out 2> err
	tail -n 1 err > last
	grep -Eq ': 0 rejected, [0-9]+ ms, exit status 0$' last
	ok $? "$call -v says how it went" || sed 's/^/# /' err
	$call -v -q < /dev/null 2>&1 > out | grep -qv ' ms, '
	is $? 1 "$call -v -q says no more than that"
done

# ---- the ceilings, one by one ----

names 1 1500 Company > accounts.csv
sync
is "$(grep -c '"status":"done"' receipts)" 1500 'a first import is no storm'
names 1501 2700 Company > accounts.csv
sync
is $? 4 'creates over their ceiling: 4'
has err '1200 creates of 1500 customer records' 'it says how many of how many'
sync --max-creates 80
is $? 0 '--max-creates lets them pass'
names 1 2700 Firm > accounts.csv
sync
is $? 4 'updates over their ceiling: 4'
has err '2700 updates of 2700 customer records' 'it says how many of how many'
sync --max-updates 99
is $? 4 'so much and no more'
sync --max-updates 100
is $? 0 '--max-updates lets them pass'
sed 's/^ fields:/ blank: "null",&/' "$CRM_MAPPINGS/customer.salesforce.jq" \
	> customer.salesforce.jq
CRM_MAPPINGS=$WORK:$CRM_MAPPINGS
names 1 2700 Firm | sed '2,$s/,+.*/,/' > accounts.csv
sync --max-updates 100
is $? 4 'cleared fields over their ceiling: 4'
has err '2700 cleared fields of 2700 customer records' 'it says how many'
sync --max-updates 100 --max-clears 100
is $? 0 '--max-clears lets them pass'
grep -q '"phone":"' app/customer.ndjson
is $? 1 'the store has them cleared'
sync
is "$(cat receipts)" '' 'then nothing is left to do'
crm-state check > out
is $? 0 'the state is sound'
done_testing
