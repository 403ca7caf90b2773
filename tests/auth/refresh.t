#!/bin/sh
# SPDX-License-Identifier: MIT
# Tokens are renewed ahead of time, once, and by one process; another refresh
# token is kept before it is used.
export FAULTS=consent=auto,rotate
. "${0%/*}/lib.sh"

token=/oauth/v3/token
login
is "$(asked $token)" 1 'logged in'
crm-auth test > /dev/null
is "$(asked $token)" 1 'a token that holds is not renewed'
export CRM_NOW=2026-11-20T12:24:30Z
crm-auth test > out
is "$(asked $token)" 1 'five and a half minutes before its end'
CRM_NOW=2026-11-20T12:25:30Z
crm-auth test > out
is $? 0 'but in the last five'
is "$(asked $token)" 2 'once'
crm-auth test > out
is "$(asked $token)" 2 'and not again'
has out '"expires":"2026-11-20T12:55:30.000Z"' 'for as long as it says'

# ---- at once ----
CRM_NOW=2026-11-20T13:10:00Z
for n in 1 2 3 4 5 6; do
	{ crm-auth test hubspot > out.$n 2>&1; echo $? > rc.$n; } &
done
wait
is "$(cat rc.* | tr -d '\n')" 000000 'six at once have a token' ||
	note "$(cat out.*)"
is "$(asked $token)" 3 'renewed by one of them'

# ---- the clock ----
CRM_NOW=2026-11-20T09:00:00Z
crm-auth test > out
is "$(asked $token)" 4 'a clock put back: renewed, for who knows its end'

# ---- not now ----
CRM_NOW=2026-11-20T11:00:00Z
sandbox PUT faults consent=auto,rotate,status=503 > /dev/null
cp .crm/credentials before
crm-auth test hubspot > out 2> err
is $? 3 'the system is down: later' || note "$(cat err)"
same .crm/credentials before 'and nothing is lost'
sandbox PUT faults consent=auto,rotate > /dev/null
crm-auth test hubspot > out 2> err
is $? 0 'later it goes on' || note "$(cat err)"

# ---- no room ----
CRM_NOW=2026-11-20T15:00:00Z
mkdir .crm/credentials.tmp
n=$(asked $token)
crm-auth test hubspot > out 2> err
is "$? $(asked $token)" "3 $n" 'what could not be kept is not asked for'
has err 'credentials.tmp' 'which is said'
rmdir .crm/credentials.tmp
crm-auth test hubspot > out 2> err
is $? 0 'with room it goes on' || note "$(cat err)"

# ---- no more ----
sandbox POST tokens '{"end": true}' > /dev/null
CRM_NOW=2026-11-20T18:00:00Z
crm-auth test hubspot > out 2> err
is $? 4 'what was granted has ended: a person'
has err 'log in again: crm-auth login hubspot' 'and what to do'
login
is $? 0 'logged in again'
crm-auth test hubspot > out 2> err
is $? 0 'all is well'
done_testing
