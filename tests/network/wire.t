#!/bin/sh
# SPDX-License-Identifier: MIT
# How an answer may come: late, a few bytes at a time, in chunks, cut; and
# that associations have calls of their own.
export RECORDS=60
. "${0%/*}/lib.sh"

# whole FILE NUMBER: so many of a listing, all of it, each once.
whole() {
	tail -n 1 "$1" | grep -q "\"complete\":true,\"count\":$2," &&
		[ "$(sed -n 's/.*"type":"record".*"id":"\([0-9]*\)","mod.*/\1/p' \
			"$1" | sort -u | wc -l)" -eq "$2" ]
}
extract() {
	crm-extract -q hubspot "$@" > out 2> err
}

# ---- late; and slow, but it goes on ----
systems '' ', timeouts: {first: 2, stall: 2}'
sandbox PUT faults 'lag=0,gzip=off,delay=2.5:on=/crm/v3/objects/companies:n=2,'\
'trickle=0.0016:on=/crm/v3/objects/contacts:n=2' > /dev/null
sandbox DELETE log > /dev/null
{ crm-extract -q hubspot companies > late 2>> err.late; echo $? > rc.late; } &
began=$(date +%s%N)
extract contacts
is $? 0 'a few bytes at a time' || note "$(cat err)"
took=$((($(date +%s%N) - began) / 1000000))
whole out 120
ok $? 'all is read'
is "$(asked '/crm/v3/objects/contacts?')" 3 'and asked for once'
[ $took -ge 2000 ]
ok $? "for longer than anything may stall ($took ms)"
wait
is "$(cat rc.late)" 0 'an answer that comes too late is asked for again' ||
	note "$(cat err.late)"
whole late 60
ok $? 'what is read is all, once'
is "$(asked '/crm/v3/objects/companies?')" 3 'by one call more than else'

# ---- in chunks ----
systems '' ''
sandbox PUT faults lag=0,gzip=off,chunked,drop-mid-body=0.9:on=list:n=1 \
	> /dev/null
sandbox DELETE log > /dev/null
extract companies
is $? 0 'an answer in chunks, and one that is cut' || note "$(cat err)"
whole out 60
ok $? 'all is read'
is "$(asked '/crm/v3/objects/companies?')" 3 'the cut one was not taken'

# ---- associations ----
sandbox POST clock '{"advance":20}' > /dev/null
rm -f .crm/budget.mdb*
systems '' ', timeouts: {patience: 1}'
sandbox PUT faults lag=0,association-rate=3 > /dev/null
sandbox DELETE log > /dev/null
for _ in 1 2 3 4 5; do
	crm-extract -q hubspot contacts -m contact.hubspot --id 9001 \
		> out 2>> err
	echo $?
done > rc
is "$(tail -n 1 rc)" 3 'the calls for associations are spent'
has err 'no call is allowed for' 'which is said'
is "$(asked '"status": 429')" 0 'none was refused'
extract companies
is $? 0 'all other calls go on' || note "$(cat err)"
done_testing
