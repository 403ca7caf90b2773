#!/bin/sh
# SPDX-License-Identifier: MIT
# The shipped mappings and pipelines between HubSpot and the application's
# store, over the wire: ten entities, both ways.  They converge, another run
# changes nothing, and nothing stands twice.
if [ -z "${SANDBOX_URL:-}" ]; then
	here=$(cd "${0%/*}" && pwd)
	exec "$here/../sandbox/with" --records 10 \
		--faults lag=0,search-rate=off,rate=off,association-rate=off \
		hubspot -- "$here/${0##*/}"
fi
. "${0%/*}/../lib.sh"
PATH=$TREE/pipelines:$PATH
unset CRM_NOW CRM_RUN
CRM_TOKEN_HUBSPOT=$SANDBOX_TOKEN
export CRM_TOKEN_HUBSPOT

# ask METHOD PATH [BODY]: what a person or an administrator does there.
ask() {
	python3 - "$SANDBOX_URL$2" "$1" "${3:-}" <<'P'
import os, sys, urllib.request
url, method, body = sys.argv[1:]
headers = {"Content-Type": "application/json",
           "Authorization": "Bearer " + os.environ["SANDBOX_TOKEN"]}
request = urllib.request.Request(url, body.encode() or None, headers,
                                 method=method)
sys.stdout.write(urllib.request.urlopen(request).read().decode())
P
}
# later: ten minutes pass, here and there: what is new is created there once a
# reading covers the time since it was seen first.
offset=0
later() {
	offset=$((offset + 600))
	ask POST /_sandbox/clock '{"advance":600}' > passed
}
# runs STATUS NAME COMMAND...: a whole run.
runs() {
	want=$1 name=$2
	shift 2
	CRM_NOW=$(date -u -d "@$(($(date +%s) + offset))" +%FT%TZ) \
		"$@" > out 2> err
	is $? "$want" "$name: exits $want" || note "$(head -9 err out)"
}
# there TYPE: its records in HubSpot that are not archived.
there() {
	ask GET /_sandbox/dump > dump
	grep "^{.*\"type\": *\"$1\"" dump | grep -v '"archived": *true'
}
rows() { [ ! -f "app/$1.ndjson" ] || grep -vc '"archived":true' "app/$1.ndjson"; }
# as_many NAME: no entity has more records on one side.
as_many() {
	for pair in customer:companies contact:contacts \
	    deal:deals lead:leads activity:tasks meeting:meetings call:calls \
	    note:notes; do
		is "$(there "${pair#*:}" | grep -c .)" "$(rows "${pair%:*}")" \
			"$1: ${pair%:*}: as many on both sides"
	done
}
# quiet NAME: another run writes nothing anywhere.
quiet() {
	cat app/*.ndjson > before
	ask GET /_sandbox/dump > dump.before
	runs 0 "$1" sync-all.sh -f
	cat app/*.ndjson > after
	ask GET /_sandbox/dump > dump.after
	same after before "$1: nothing changes here"
	same dump.after dump.before "$1: nor there"
	is "$(cat out err)" '' "$1: it says nothing"
}

crm-state -q init
echo '{app: {kind: "file", path: "app"}, hubspot: {kind: "hubspot",
	enabled: true, api: "'"$SANDBOX_URL"'"}}' > .crm/systems.jq

# ---- what is written there is made, and all that is mapped is there ----
runs 0 'setup' crm-auth setup hubspot
is "$(grep -c '"made"' out)" 26 'makes what the mappings write' || cat out
for entity in user customer contact deal lead activity meeting call email note
do
	runs 0 "$entity.hubspot against the account" \
		crm-map --check --live hubspot $entity.hubspot
	cat out err > said; has said 'no problem found' "$entity: all is there"
done

# ---- the first run, into an empty store ----
runs 0 'the first run' sync-all.sh
is "$(cat err)" '' 'without a complaint'
as_many 'the first run'
is "$(rows user) $(rows customer) $(rows contact) $(rows email)" '5 10 20 2' \
	'all are here'
quiet 'the second run'

# ---- the application adds one of each; a meeting both enter ----
company=$(sed -n 's/^{"id":"\([^"]*\)".*"domain":"c1.example".*/\1/p' \
	app/customer.ndjson)
owner=$(sed -n '1s/^{"id":"\([^"]*\)".*/\1/p' app/user.ndjson)
cat >> app/customer.ndjson <<J
{"id":"c1","name":"Ours","domain":"ours.example","annual_revenue":5,"health":71,"health_product":70,"health_risk":80,"health_outcomes":65,"health_voice":72,"health_engagement":90.5,"risk_category":"low","churn_prediction":0.03,"owner":"$owner"}
J
cat >> app/contact.ndjson <<J
{"id":"k1","first_name":"Cy","last_name":"Day","email":"cy@ours.example","engagement":66,"customer":"c1","owner":"$owner"}
{"id":"k2","first_name":"Di","last_name":"Eck","email":"di@c1.example","customer":"$company"}
J
cat >> app/deal.ndjson <<J
{"id":"d1","name":"Ours 2027","amount":99.5,"currency":"EUR","stage":"Contract Sent","pipeline":"Sales Pipeline","close_date":"2026-12-31","type":"Existing Business","customer":"c1","contact":"k1","owner":"$owner"}
J
cat >> app/lead.ndjson <<'J'
{"id":"l1","name":"Cy - more","rating":"hot","status":"new-stage-id","contact":"k1"}
J
cat >> app/activity.ndjson <<J
{"id":"t1","subject":"Send it","kind":"task","status":"Not Started","priority":"normal","due":"2026-11-25","contact":"k1","customer":"c1","owner":"$owner"}
J
cat >> app/meeting.ndjson <<J
{"id":"m1","subject":"Kick-off","start":"2026-11-25T08:00:00.000Z","end":"2026-11-25T09:00:00.000Z","outcome":"scheduled","contact":"k1","customer":"c1","deal":"d1","owner":"$owner"}
{"id":"m2","subject":"Seen from both","start":"2026-11-26T08:00:00.000Z","customer":"$company"}
J
cat >> app/call.ndjson <<'J'
{"id":"a1","subject":"Out","start":"2026-11-18T08:00:00.000Z","duration_ms":1000,"direction":"outbound","status":"no_answer","outcome":"left_voicemail","contact":"k1"}
J
cat >> app/email.ndjson <<'J'
{"id":"e1","subject":"Hello","start":"2026-11-18T08:00:00.000Z","direction":"outgoing","status":"sent","text":"As agreed.","contact":"k1"}
J
cat >> app/note.ndjson <<'J'
{"id":"n1","body":"Likes tea","start":"2026-11-18T08:00:00.000Z","contact":"k1","customer":"c1"}
J
ask POST /_sandbox/edit '{"type":"meetings","create":{"hs_meeting_title":"Seen from both","hs_timestamp":"2026-11-26T08:00:00Z","hs_meeting_start_time":"2026-11-26T08:00:00Z","hs_meeting_outcome":"SCHEDULED"},"associations":[{"to":{"id":"'"${company##*:}"'"},"types":[{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":188}]}]}' > made

runs 0 'the first sight of them' sync-all.sh
later
runs 0 'the run after that' sync-all.sh -f
is "$(cat err)" '' 'without a complaint'
as_many 'the run after that'
runs 0 'what HubSpot makes of it comes back' sync-all.sh -f
quiet 'the run after that'
is "$(crm-state conflicts)" '' 'nobody is to be asked'

# holds TYPE TEXT NAME WANT...: the record with this text has each of these.
holds() {
	there "$1" | grep -F -- "$2" > row
	name=$3
	shift 3
	for want in "$@"; do
		grep -qF -- "$want" row
		ok $? "$name: $want" || note "$(cut -c1-900 row)"
	done
}
holds companies ours.example 'a company' '"crm_uid": "app:customer:c1"' \
	'"health_score": "71"' '"health_last_six": "71"' \
	'"health_product": "70"' '"health_risk": "80"' \
	'"health_outcomes": "65"' '"health_voice": "72"' \
	'"health_engagement": "90.5"' '"risk_category": "low"' \
	'"churn_prediction": "0.03"' '"hubspot_owner_id": "4161"'
grep -q annualrevenue row
is $? 1 'a company: revenue is not written'
holds contacts cy@ours.example 'a contact' '"engagement_score": "66"' \
	'[1, 279]'
holds deals 'Ours 2027' 'a deal' '"closedate": "2026-12-31T12:00:00.000Z"' \
	'"dealstage": "contractsent"' '"pipeline": "default"' \
	'"dealtype": "existingbusiness"' '[5, 341]' '[3]'
holds leads 'Cy - more' 'a lead' '"hs_lead_label": "HOT"' '[578, 608]'
holds tasks 'Send it' 'a task' '"hs_timestamp": "2026-11-25T12:00:00.000Z"' \
	'"activity_source": "app"' '[204]' '[192]'
holds meetings Kick-off 'a meeting' \
	'"hs_timestamp": "2026-11-25T08:00:00.000Z"' \
	'"hs_meeting_start_time": "2026-11-25T08:00:00.000Z"' '[200]' '[188]' \
	'[212]'
holds calls '"Out"' 'a call' '"hs_call_duration": "1000"' \
	'"hs_call_status": "NO_ANSWER"' '[194]'
holds notes 'Likes tea' 'a note' '[202]' '[190]'
is "$(there meetings | grep -c 'Seen from both')" 1 \
	'a meeting both entered is one there'
is "$(grep -c 'Seen from both' app/meeting.ndjson)" 1 'and here'

# ---- an email waits for a person ----
is "$(there emails | grep -c .)" 2 'no email is sent by itself'
crm-state -q approve hubspot app:email:e1
runs 0 'a run once it is approved' sync-all.sh -f
holds emails '"Hello"' 'an email' '"hs_email_direction": "EMAIL"' '[198]'

# ---- edits on both sides ----
edit() {
	sed -i "/^{\"id\":\"$2\"/{$3
		s/\"modified\":\"[^\"]*\"/\"modified\":\"$(date -u -d "@$(($(date +%s) + offset))" +%FT%TZ)\"/;}" "$1"
}
sleep 1
edit app/customer.ndjson c1 's/"health":71/"health":64/'
edit app/deal.ndjson d1 's/"amount":99.5/"amount":120/'
deal=$(there deals | sed -n 's/.*"id": "\([0-9]*\)".*Ours 2027.*/\1/p')
meeting=$(there meetings | sed -n 's/.*"id": "\([0-9]*\)".*Kick-off.*/\1/p')
ask POST /_sandbox/edit '{"type":"deals","id":"'"$deal"'","properties":{"dealstage":"closedwon","dealtype":"newbusiness"}}' > made
ask POST /_sandbox/edit '{"type":"meetings","id":"'"$meeting"'","properties":{"hs_meeting_outcome":"COMPLETED"}}' > made
runs 0 'a run after edits' sync-all.sh -f
holds companies ours.example 'an edit' '"health_score": "64"' \
	'"health_last_six": "71, 64"' '"health_trend": "down"'
holds deals 'Ours 2027' 'edits of both sides' '"amount": "120"' \
	'"dealstage": "closedwon"'
has app/deal.ndjson '"amount":120,"currency":"EUR","stage":"Closed Won"' \
	'edits of both sides stand here, too'
has app/meeting.ndjson '"outcome":"completed"' 'the meeting took place'
runs 0 'what HubSpot makes of that' sync-all.sh -f
quiet 'a run after that'
runs 0 'what changed, alone' poll.sh
is "$(cat out err)" '' 'is nothing'
crm-state check > checked
is $? 0 'the state is sound'
done_testing
