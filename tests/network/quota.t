#!/bin/sh
# SPDX-License-Identifier: MIT
# The calls of a day: said before a large errand, and a clean stop.
export RECORDS=2500
. "${0%/*}/lib.sh"

at 2026-11-20T12:00:00Z
extract() {
	crm-extract hubspot companies "$@" > out 2> err
}

# 26 pages of what lives and what is archived, and what comes before them
sandbox PUT faults lag=0,daily-left=65100 > /dev/null
extract
is $? 0 'all is read, from what is not for people'
has err 'hubspot: reading companies takes about 26 calls, 2' 'it is said before'
has err ' % of what is left' 'in a share of what is left'
is "$(grep -c '"type":"record"' out)" 2500 'all of it'
crm-status > status
has status ' of 585000 left until 2026-11-21T05:00:00.000Z' \
	'crm-status says how many are left, until midnight there'

sandbox PUT faults lag=0,daily-left=65020 > /dev/null
sandbox DELETE log > /dev/null
extract
is $? 3 'what the rest of the day does not suffice for is not begun'
has err 'hubspot: reading companies: 26 calls, more than the ' 'that is said'
has err 'there are more at 2026-11-21T05:00:00.000Z: nothing is begun' \
	'and when there are more'
is "$(asked '/crm/v3/objects/companies?')" 0 'nothing of it was asked for'
[ ! -s out ]
ok $? 'nothing came out'

# midway: the whole day is ours, but others call, too
systems '' ', reserve: 0'
sandbox PUT faults lag=0,daily-left=40 > /dev/null
crm-extract hubspot companies --limit 1 > first 2> err
is $? 0 'one is read'
sandbox PUT faults lag=0,daily-left=7 > /dev/null
extract --limit 2500
is $? 3 'a day that ends midway ends it'
has err 'the calls of this day are spent; there are more at 2026-11-21T05' \
	'with when to come again'
has out '"type":"begin"' 'what came, came'
[ "$(grep -c '"type":"end"' out)" -eq 0 ]
ok $? 'and is not taken for all there is'
sandbox DELETE log > /dev/null
extract --limit 1
is "$? $(asked '')" '3 0' 'nobody asks again on that day'
crm-status --check > status
has status 'hubspot has no calls left before 2026-11-21T05:00:00.000Z' \
	'crm-status says that, too'

at 2026-11-21T05:00:00Z
sandbox PUT faults lag=0,daily=650000 > /dev/null
extract
is $? 0 'the next day, there, it goes on'
is "$(grep -c '"type":"record"' out)" 2500 'with all of it'

# what a whole day does not suffice for is begun all the same
sandbox PUT faults lag=0,daily=31 > /dev/null
systems '' ', reserve: 50'
crm-extract hubspot companies --limit 1 > first 2> err
sandbox POST clock '{"now":"2026-11-22T05:00:00Z"}' > /dev/null
export CRM_NOW=2026-11-22T05:00:00Z
extract
is $? 3 'a day has not so many calls'
has err 'and more than a day has' 'that is said'
has err 'the calls of this day are spent' 'it is begun all the same'
done_testing
