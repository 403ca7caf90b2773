#!/bin/sh
# SPDX-License-Identifier: MIT
# How long what was granted lives, and how much of it there is: by what the
# system says, not by what is usual; and what ends before its time.
export FAULTS=consent=auto,lag=0,rotate,token-life=600
. "${0%/*}/lib.sh"

# set SPEC: these faults, besides what holds throughout.
set_faults() {
	sandbox PUT faults "consent=auto,lag=0,rotate,token-life=600,$1" \
		> /dev/null
}
# at INSTANT: it is that, there and here.
at() {
	sandbox POST clock "{\"now\":\"$1\"}" > /dev/null
	export CRM_NOW="$1"
}
# had TEXT: how many requests had that in their line of the log.
had() {
	sandbox GET log | grep -cF -- "$1" || :
}
# whole FILE: it is all of a listing, and has each once.
whole() {
	tail -n 1 "$1" | grep -q '"complete":true' &&
		[ "$(sed -n 's/.*"type":"record".*"id":"\([0-9]*\)","mod.*/\1/p' \
			"$1" | sort -u | wc -l)" -eq 20 ]
}
extract() {
	crm-extract -q hubspot companies "$@" > out 2> err
}
token=/oauth/v3/token

# ---- as long as it says ----
at 2026-11-20T12:00:00Z
login
is $? 0 'logged in' || note "$(cat err)"
crm-auth list > list
has list '"expires":"2026-11-20T12:10:00.000Z"' 'ten minutes, as it said'
at 2026-11-20T12:07:50Z
extract
is "$? $(asked $token)" '0 1' 'it is used for nearly eight'
at 2026-11-20T12:08:10Z
extract
is "$? $(asked $token)" '0 2' 'then renewed, ahead of its end'
at 2026-11-20T12:17:00Z
extract
is "$? $(asked $token)" '0 3' 'and so is that one, with what came with it'
is "$(had '"status": 401')" 0 'nothing was refused'

# ---- before its time ----
set_faults 'expire-token:on=/crm/v3/objects/companies:n=2'
extract
is $? 0 'a token ends midway' || note "$(cat err)"
whole out
ok $? 'all is read, each once'
is "$(had '"status": 401') $(asked $token)" '1 4' \
	'one call was refused, one token renewed'
set_faults ''
sandbox POST tokens '{"expire": "access"}' > /dev/null
for n in 1 2 3; do
	{ crm-extract -q hubspot companies > out.$n 2> err.$n; echo $? > rc.$n; } &
done
wait
is "$(cat rc.1 rc.2 rc.3 | tr -d '\n')" 000 'three find it ended at once' ||
	note "$(cat err.*)"
whole out.1 && whole out.2 && whole out.3
ok $? 'all of them read all'
is "$(asked $token)" 5 'by one renewal'
set_faults 'expire-token:on=/crm/v3/objects/companies'
extract
is "$? $(asked $token)" '3 6' 'a new one that is refused, too: no other is asked'
has err 'EXPIRED_AUTHENTICATION' 'which is said'
[ "$(grep -c '"type":"end"' out)" -eq 0 ]
ok $? 'and nothing is concluded'
set_faults ''

# ---- somebody has a copy ----
sandbox GET log\?bodies=1 | grep -o 'refresh_token=[^&"]*' | sed 's/.*=//' |
	head -1 > spent
curl -sS -d grant_type=refresh_token -d client_id="$SANDBOX_CLIENT_ID" \
	-d client_secret="$SANDBOX_CLIENT_SECRET" \
	-d refresh_token="$(cat spent)" "$SANDBOX_URL$token" > answer
has answer BAD_REFRESH_TOKEN 'a spent refresh token comes from elsewhere'
extract
is $? 4 'then ours is no good, either: a person'
has err 'log in again: crm-auth login hubspot' 'is told what to do'
n=$(asked $token)
extract
is "$? $(asked $token)" "4 $((n + 1))" 'again, by one call'

# ---- the code ----
cp .crm/credentials before
set_faults code-life=0
login
is $? 4 'a code that has ended before we came with it'
has page 'Not logged in' 'the browser says so'
has page 'invalid_grant' 'and why'
same .crm/credentials before 'nothing was kept of it'
set_faults code-life=2
login
is $? 0 'one that has not' || note "$(cat err)"

# ---- how many calls ----
# 40 that are not there are asked for one by one, after two batches.
ids=$(seq 1 40 | sed 's/^/--id 70000/')
# terms JQ: the system's, besides its address.
terms() {
	echo "{hubspot: {kind: \"hubspot\", api: \"$SANDBOX_URL\", $1}}" \
		> .crm/systems.jq
}
terms 'timeouts: {patience: 2}'
at 2026-11-20T13:00:00Z
rm -f .crm/budget.mdb*
set_faults oauth-rate=30
extract
sandbox DELETE log > /dev/null
# shellcheck disable=SC2086
extract $ids
is $? 3 'an OAuth app has fewer than usual: what is too long is not waited for'
has err 'no call is allowed for' 'which is said'
is "$(had '"status": 429')" 0 'none was refused'
[ "$(had '"method"')" -ge 20 ]
ok $? 'what there was of them was made' || note "$(had '"method"')"
at 2026-11-20T13:05:00Z
rm -f .crm/budget.mdb*
set_faults oauth-rate=110
ids=$(seq 100 199 | sed 's/^/--id 70000/')
sandbox DELETE log > /dev/null
# shellcheck disable=SC2086
extract $ids
is $? 0 'more than is sure without being told, 110, is made at once' ||
	note "$(cat err)"
calls=$(had '"method"')
[ "$calls" -gt 100 ] && [ "$calls" -le 110 ]
ok $? "more than 100 calls ($calls)"
is "$(had '"status": 429')" 0 'none was refused'

# ---- what crm-auth itself asks for counts, too ----
# fresh: nobody counted anything, here or there.
fresh() {
	sandbox POST clock '{"advance":20}' > /dev/null
	rm -f .crm/budget.mdb*
	sandbox DELETE log > /dev/null
	set_faults "$1"
}
# begin: a window with six calls, of which four are made.
begin() {
	fresh rate=6
	token_in
	extract --limit 1
	is "$(had '"method"')" 4 'four calls'
}
token_in() {
	printf '%s\n' "$SANDBOX_TOKEN" | crm-auth login -q hubspot --token
}
# spent WHAT: nothing is left, and nobody finds out by a refusal.
spent() {
	extract --limit 1
	is "$? $(had '"method"') $(had '"status": 429')" '3 6 0' \
		"$1: the calls are counted"
}
terms 'timeouts: {patience: 1}'
begin
token_in && token_in
spent 'two logins'
timeout 1 crm-auth test hubspot > out 2> err
is "$? $(had '"method"')" '124 6' 'a test waits for its turn'
begin
crm-auth -q test hubspot > out 2> err && crm-auth -q test hubspot > out 2> err
spent 'two tests'
fresh rate=6
export CRM_TOKEN_HUBSPOT="$SANDBOX_TOKEN"
extract --limit 1
crm-auth -q setup hubspot 2> err && crm-auth -q setup hubspot 2> err &&
	crm-auth -q setup hubspot 2> err
spent 'three times setup, of a token from elsewhere'
unset CRM_TOKEN_HUBSPOT

# ---- the wire log, as of all programs ----
fresh rate=off
mkdir none
cat > none/person.jq <<'END'
{entity: "person", fields: {name: {type: "text"}}}
END
cat > none/person.hubspot.jq <<'END'
{entity: "person", kind: "hubspot", object: "contacts", id: "hs_object_id",
 uid: "crm_uid", fields: {name: {from: "lastname", dir: "both"}}}
END
for how in '' --trace-bodies --trace-mask; do
	# shellcheck disable=SC2086
	crm-auth -q test hubspot --trace test$how $how > out 2> err
	# shellcheck disable=SC2086
	crm-auth -q setup hubspot -n --trace setup$how $how > out 2> err
done
person=$(sandbox GET dump | sed -n 's/.*"lastname": "\([^"]*\)".*/\1/p' |
	head -1)
has test--trace-bodies "$person" 'bodies, if asked for'
has test--trace-mask '/crm/v3/objects/contacts?limit=1' 'with a mask'
has test--trace-mask '"results":[{' 'their shape'
is "$(grep -cF "$person" test test--trace-mask | tr '\n' ' ')" \
	'test:0 test--trace-mask:0 ' 'but nobody is in it'
has setup--trace-mask '/crm/v3/properties/contacts' 'setup has them as well'
has setup--trace-mask '"results":[{' 'with their shape'
is "$(cat test* setup* | grep -cF "$SANDBOX_TOKEN")" 0 'no token is in any'
done_testing
