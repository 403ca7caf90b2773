#!/bin/sh
# SPDX-License-Identifier: MIT
# A person logs in: through the redirect to this machine, with a token, not at
# all; and out again.
. "${0%/*}/lib.sh"

# ---- in the browser ----
login
is $? 0 'logged in' || note "$(cat err)"
has page 'Logged in' 'the browser says so'
has err 'logged in to hubspot:4021177 as ann.ng@acme.test' 'as who, and where'
has url 'code_challenge_method=S256' 'with PKCE'
has url 'redirect_uri=http%3A%2F%2Flocalhost%3A' 'back to this machine'
crm-auth list > list
is $? 0 'listed'
has list '"account":"hubspot:4021177","user":"ann.ng@acme.test"' 'with account'
has list 'crm.objects.contacts.write' 'with scopes'
has list '"expires":"2026-11-20T12:30:00.000Z"' 'and until when'
is "$(stat -c %a .crm/credentials .crm/key | tr '\n' ' ')" '600 600 ' \
	'nobody else may read'
crm-auth test > out 2> err
is $? 0 'tested' || note "$(cat err)"
has out '"edition":"STANDARD"' 'with edition'

# ---- what is mapped ----
mkdir none
cat > none/person.jq <<'END'
{entity: "person", fields: {name: {type: "text"}}}
END
cat > none/person.hubspot.jq <<'END'
{entity: "person", kind: "hubspot", object: "contacts", id: "hs_object_id",
 fields: {name: {from: "lastname", dir: "both"}}}
END
sed 's/person/place/' none/person.jq > none/place.jq
sed 's/person/place/; s/contacts/tickets/' none/person.hubspot.jq \
	> none/place.hubspot.jq
crm-auth test hubspot > out 2> err
is $? 2 'what is mapped and not granted is said'
has out '{"object":"contacts","read":true,"write":true}' 'one is granted'
has out '{"object":"tickets","read":false,"write":false}' 'one is not'
has err 'tickets: may not be written: tickets is not granted' 'and what lacks'
# Who carries our uid: nobody, one that is shared, one that is not.
rm none/place*
echo '{entity: "person", kind: "hubspot", object: "contacts",
 id: "hs_object_id", uid: "crm_uid",
 fields: {name: {from: "lastname", dir: "both"}}}' > none/person.hubspot.jq
crm-auth test hubspot > out 2> err
is $? 2 'a uid that lacks is told'
has out '{"object":"contacts","read":true,"write":true,"uid":false}' 'in the line'
has err 'contacts: crm_uid, which is to carry our uid, lacks; see crm-auth setup' \
	'and with what to do'
crm-auth setup hubspot > out 2> err
crm-auth test hubspot > out 2> err
is $? 0 'once it is made all is well' || note "$(cat err)"
has out '"write":true,"uid":true}' 'as the line says'
sed 's/crm_uid/jobtitle/' none/person.hubspot.jq > none/p && mv none/p \
	none/person.hubspot.jq
crm-auth test hubspot > out 2> err
is $? 2 'one that two records may share'
has err 'jobtitle, which is to carry our uid, may be the same in two records' \
	'is told'
crm-auth test --trace wire hubspot > out 2> err
has wire '/crm/v3/objects/contacts?limit=1' 'the reading is in the wire log'
is "$(grep -c 'CPj' wire)" 0 'and no token'
rm -rf none

# ---- not by us ----
rm -f url
crm-auth login hubspot --client-id "$SANDBOX_CLIENT_ID" --timeout 20 \
	> url 2> err < /dev/null &
while [ ! -s url ]; do sleep 0.05; done
back=$(sed 's/.*redirect_uri=//; s/&.*//; s/%3A/:/g; s/%2F/\//g' url)
is "$(curl -s -o /dev/null -w '%{http_code}' "${back%/callback}/favicon.ico")" \
	404 'an icon is not there, and no answer'
is "$(curl -s -o /dev/null -w '%{http_code}' -d code=x "$back")" 404 \
	'nor is a form'
waits=$!
curl -s "$back?code=stolen&state=another" > page
has page 'Not logged in' 'the answer to another question is refused'
has page '(state)' 'and why'
curl -s "$back?error=access_denied" > page
has page '(state)' 'so is one that is to none'
state=$(sed 's/.*&state=//; s/&.*//' url)
curl -s "$back?state=$state" > page
has page 'Neither a code' 'and ours without an answer'
curl -sSL "$(cat url)" > page
wait $waits
is $? 0 'none of them ended the login' || note "$(cat err)"
has page 'Logged in' 'the browser says so'
is "$(sandbox GET log\?bodies=1 | grep -c stolen)" 0 'their code went nowhere'
crm-auth list > list

# ---- a browser that stays in front ----
mkdir bin
cat > bin/xdg-open <<'END'
#!/bin/sh
env > environment
curl -sSL -m 20 "$1" > page
sleep 3
echo closed > closed
END
chmod +x bin/xdg-open
DISPLAY=:7 PATH=$PWD/bin:$PATH timeout 15 crm-auth login hubspot \
	--client-id "$SANDBOX_CLIENT_ID" > out 2> err < /dev/null
is "$? $(test -e closed && echo closed)" '0 ' \
	'nobody has to close the browser first' || note "$(cat err)"
is "$(grep -c ^CRM_ environment) $(grep -c ^DISPLAY= environment)" '0 1' \
	'and it is told no secret of ours'

rm -f url
crm-auth login hubspot --client-id "$SANDBOX_CLIENT_ID" --timeout 20 \
	> url 2> err < /dev/null &
while [ ! -s url ]; do sleep 0.05; done
back=$(sed 's/.*redirect_uri=//; s/&.*//; s/%3A/:/g; s/%2F/\//g' url)
state=$(sed 's/.*&state=//; s/&.*//' url)
curl -s "$back?error=%3Cscript%3E&state=$state" > page
wait $!
is $? 4 'somebody did not agree'
has page 'nobody agreed: &lt;script&gt;' 'what came is shown as text'
crm-auth list > again
same again list 'the login before still stands'

sandbox PUT faults consent=deny > /dev/null
login
is $? 4 'not agreed'
has page 'access_denied' 'the browser says so'
sandbox PUT faults consent=auto > /dev/null
CRM_CLIENT_SECRET_HUBSPOT=wrong login
is $? 2 'a wrong secret'
has page 'invalid_client' 'the browser says so'
crm-auth login hubspot --client-id x --timeout 1 > url 2> err < /dev/null
is $? 3 'nobody came in time'

# ---- a token ----
printf '%s\n' "$SANDBOX_TOKEN" | crm-auth login hubspot --token 2> err
is $? 0 'a token from stdin' || note "$(cat err)"
crm-auth list > out
has out '"grant":"static"' 'listed'
echo wrong | crm-auth login hubspot --token 2> err
is $? 4 'a wrong one is refused'
crm-auth test > out
is $? 0 'the one before still stands'
crm-auth logout hubspot 2> err
has err 'has to be ended there' 'it cannot be revoked from here'

# ---- elsewhere ----
export CRM_TOKEN_HUBSPOT="$SANDBOX_TOKEN"
crm-auth test hubspot > out 2> err
is $? 0 'of the environment' || note "$(cat err)"
unset CRM_TOKEN_HUBSPOT
crm-auth test hubspot 2> err
is $? 2 'else not logged in'
has err 'crm-auth login hubspot' 'and what to do'
echo "$SANDBOX_TOKEN" > token
systems() {
	echo "{hubspot: {kind: \"hubspot\", api: \"$SANDBOX_URL/\",
		token_command: $1}}" > .crm/systems.jq
}
systems '["cat", "token"]'
crm-auth test hubspot > out 2> err
is $? 0 'of a command' || note "$(cat err)"
systems '"cat < token; echo more"'
crm-auth test hubspot > out 2> err
is $? 0 'of a text for sh, its first line' || note "$(cat err)"
systems '["cat", "token; echo x"]'
crm-auth test hubspot 2> err
is $? 3 'a list is no text for sh'
systems '["no-such-program"]'
crm-auth test hubspot 2> err
is $? 2 'a command that is not there'
systems '["echo"]'
crm-auth test hubspot 2> err
is $? 2 'a command that prints nothing'
systems '7'
crm-auth test hubspot 2> err
is $? 2 'no command at all'
echo '{hubspot: {kind: "hubspot", api: "http://api.acme.test"}}' \
	> .crm/systems.jq
crm-auth test hubspot 2> err
has err 'must be https' 'no token goes out in the clear'

# ---- out ----
echo "{hubspot: {kind: \"hubspot\", api: \"$SANDBOX_URL\"}}" > .crm/systems.jq
login
echo "{hubspot: {kind: \"hubspot\", api: \"http://127.0.0.1:9\"}}" \
	> .crm/systems.jq
crm-auth test hubspot 2> err
is $? 2 'what was granted for one address goes to no other'
echo "{hubspot: {kind: \"hubspot\", api: \"$SANDBOX_URL\"}}" > .crm/systems.jq
cp .crm/credentials before
sandbox PUT faults consent=auto,status=503 > /dev/null
crm-auth logout hubspot 2> err
is $? 3 'what is not revoked'
has err 'without that: --only-here' 'is told'
same .crm/credentials before 'and not forgotten'
crm-auth logout --only-here hubspot 2> err
is $? 0 'unless that is said'
has err 'forgotten, not revoked' 'and told again'
cp before .crm/credentials
sandbox PUT faults consent=auto > /dev/null
sandbox DELETE log > /dev/null
crm-auth logout hubspot 2> err
is $? 0 'logged out'
is "$(asked /oauth/v3/token/revoke)" 1 'revoked there'
is "$(crm-auth list)" '' 'and forgotten here'
crm-auth logout hubspot 2> err
is $? 2 'once'
done_testing
