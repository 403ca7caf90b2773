#!/bin/sh
# SPDX-License-Identifier: MIT
# What is secret is in no output, argument, file or core.
. "${0%/*}/lib.sh"

crm-auth login hubspot -v --client-id "$SANDBOX_CLIENT_ID" --timeout 20 \
	--trace trace --trace-bodies \
	> url 2> said < /dev/null &
while [ ! -s url ]; do sleep 0.05; done
tr '\0' '\n' < /proc/$!/cmdline > argv
grep 'core file' /proc/$!/limits > limits
curl -sSL "$(cat url)" > page
wait $!
is $? 0 'logged in'
has argv "$SANDBOX_CLIENT_ID" 'arguments were seen'
is "$(awk '{ print $5 $6 }' limits)" 00 'it leaves no core'
crm-auth test -v --trace trace --trace-bodies >> said 2>&1
crm-auth list -v >> said 2>&1
CRM_NOW=2026-11-20T12:29:00Z crm-auth test -v >> said 2>&1
crm-auth rekey -v >> said 2>&1
crm-auth test --log json >> said 2>&1
cp -r .crm kept
printf '%s\n' "$SANDBOX_TOKEN" | crm-auth login -v hubspot --token >> said 2>&1
echo wrong-token-of-mine | crm-auth login -v hubspot --token >> said 2>&1

# What went over the wire, as the fake saw it.
sandbox GET log\?bodies=1 > wire
{
	grep -oE '(code|code_verifier|client_secret|refresh_token|[^_]token)=[^&"]*' \
		wire | sed 's/^[^=]*=//'
	grep -oE 'Bearer [^"]*' wire | sed 's/Bearer //'
	echo wrong-token-of-mine
} | sort -u | grep -v '^$' > secrets
[ "$(wc -l < secrets)" -ge 6 ]
ok $? 'there is what to look for' || note "$(cat secrets)"
rm wire
is "$(stat -c %a trace)" 600 'the wire log is its owner'"'s"
has trace '> POST http://127.0.0.1' 'in which the calls are'
has trace '> Authorization: ***' 'without what they went with'
for where in argv said page trace kept .crm; do
	grep -rFf secrets $where > found
	[ ! -s found ]
	ok $? "$where: nothing secret" || note "$(head -c 300 found)"
done
cat secrets > planted
grep -qFf secrets planted
ok $? 'it would have been found'

# ---- others that have a token ----
echo "{hubspot: {kind: \"hubspot\", api: \"$SANDBOX_URL\", token_command:
 \"grep 'core file' /proc/\$PPID/limits > limits; cat token\"}}" \
	> .crm/systems.jq
echo "$SANDBOX_TOKEN" > token
(ulimit -c unlimited; exec crm-extract -q hubspot companies --limit 1) \
	> out 2> err
is $? 0 'a reading has a token' || note "$(cat err)"
is "$(awk '{ print $5 $6 }' limits)" 00 'and leaves no core'

# ---- those that have no use for what is in the environment ----
mkfifo pipe
limits_of()
{
	(ulimit -c unlimited; exec "$@" < pipe) > out 2> err &
	exec 4> pipe
	until [ "$(cat /proc/$!/comm)" = "$word" ] && sleep 0.1; do :; done
	grep 'core file' /proc/$!/limits > limits
	exec 4>&-
	wait $!
}
word=crm-diff
for secret in CRM_TOKEN_HUBSPOT CRM_CLIENT_SECRET_HUBSPOT CRM_KEY CRM_KEY_NEW
do
	limits_of env -i PATH="$PATH" $secret=of-ours $word
	is "$(awk '{ print $5 $6 }' limits)" 00 "$secret is in no core of $word"
done
# a sanitizer would take it away by itself
limits_of env -i PATH="$PATH" ASAN_OPTIONS=disable_coredump=0 \
	CRM_KEY_FILE=key $word
[ "$(awk '{ print $5 }' limits)" != 0 ] || [ "$(ulimit -Hc)" = 0 ]
ok $? \
	'where there is nothing secret a core is left'
done_testing
