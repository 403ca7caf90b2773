#!/bin/sh
# SPDX-License-Identifier: MIT
# Programs that run at the same time keep to what the account has, which its
# answers say; nothing is refused.
export RECORDS=1200 FAULTS=lag=0,rate=40
. "${0%/*}/lib.sh"

# what the login asked for is past
sandbox POST clock '{"advance":10}' > /dev/null
sandbox DELETE log > /dev/null
began=$(date +%s)
for object in companies contacts deals tickets; do
	crm-extract -q hubspot $object > $object 2>> err || echo no >> err &
done
wait
took=$(($(date +%s) - began))
[ ! -s err ]
ok $? 'four read at a time' || note "$(cat err)"
for object in companies contacts deals tickets; do
	tail -n 1 $object
done > ends
is "$(grep -c '"complete":true' ends)" 4 'all of theirs'
calls=$(asked '"method"')
[ "$calls" -gt 44 ]
ok $? "more calls than ten seconds have ($calls)"
is "$(asked '"status": 429')" 0 'none was refused'
[ $took -ge 9 ] && [ $took -le 24 ]
ok $? "they waited their turn ($took s)"

# searches count among all calls, and have five a second besides
sandbox PUT faults lag=0,search-rate=5 > /dev/null
sandbox DELETE log > /dev/null
for n in 1 2 3 4 5 6 7 8; do
	crm-extract -q hubspot companies > out$n 2>> err || echo no >> err &
done
wait
[ "$(asked '/search"')" -ge 8 ]
ok $? 'each search was one'
# a second is short: on a busy machine one may arrive late, and is asked again
refused=$(asked '"status": 429')
[ "$refused" -le 2 ]
ok $? "hardly any was refused ($refused)"
for n in 1 2 3 4 5 6 7 8; do
	tail -n 1 out$n
done > ends
is "$(grep -c '"complete":true' ends)" 8 'and all are done'
done_testing
