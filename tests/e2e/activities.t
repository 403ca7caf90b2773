#!/bin/sh
# SPDX-License-Identifier: MIT
# The shipped mappings between the application and HubSpot, a folder of files
# standing for HubSpot: ten entities, both ways.  What both sides show is one;
# a second run changes nothing; emails wait for a person.
. "${0%/*}/../lib.sh"
PATH=$TREE/pipelines:$PATH
CRM_MAPPINGS=$WORK/maps:$TREE/mappings
entities='user customer contact deal lead activity meeting call email note'

at() {
	CRM_NOW=2026-11-20T$1:00Z CRM_RUN=run-$1
	export CRM_NOW CRM_RUN
}
# rows FILE: how many records it holds.
rows() { [ ! -f "$1" ] || grep -c . "$1"; }
# quiet NAME: another run does nothing.
quiet() {
	cat app/*.ndjson hub/*.ndjson > before
	runs 0 "$1" sync-all.sh -f
	cat app/*.ndjson hub/*.ndjson > after
	same after before "$1: changes nothing"
	is "$(cat out err)" '' "$1: and says nothing"
}

# ---- HubSpot's mappings, on files ----
mkdir maps app hub
for entity in $entities; do
	sed -e 's/kind: "hubspot"/kind: "file"/' \
		-e 's/^ id: .*/ id: "id",/; s/^ uid: .*/ uid: "uid",/' \
		-e 's/^ modified: .*/ modified: "modified",/' \
		"$TREE/mappings/$entity.hubspot.jq" > maps/$entity.hub.jq
done
crm-state -q init
echo '{app: {kind: "file", path: "app"}, hub: {kind: "file", path: "hub"}}' \
	> .crm/systems.jq
m='"modified":"2026-11-19T10:00:00.000Z"'
cat > hub/owners.ndjson <<'J'
{"id":"4162","modified":"2026-11-19T10:00:00.000Z","email":"ann@us.example","firstName":"Ann","lastName":"Ng"}
J
cat > hub/companies.ndjson <<J
{"id":"700",$m,"name":"Acme, Inc.","domain":"acme.example","annualrevenue":"1000","hubspot_owner_id":"4162"}
{"id":"701",$m,"name":"Beta","domain":"beta.example"}
J
cat > hub/contacts.ndjson <<'J'
{"id":"51","modified":"2026-11-19T10:00:00.000Z","email":"li@acme.example","firstname":"Li","lastname":"Wu","association:companies":"700"}
{"id":"52","modified":"2026-11-19T10:00:00.000Z","email":"bo@beta.example","firstname":"Bo","lastname":"Li","association:companies":"701"}
J
cat > hub/deals.ndjson <<J
{"id":"88",$m,"dealname":"Acme 2027","amount":"1200","dealstage":"contractsent","pipeline":"default","dealtype":"renewal","closedate":"2026-12-31T22:00:00Z","association:companies":"700","hubspot_owner_id":"4162"}
J
cat > hub/meetings.ndjson <<J
{"id":"1",$m,"hs_meeting_title":"Review","hs_timestamp":"2026-11-23T09:00:00Z","hs_meeting_start_time":"2026-11-23T09:00:00Z","association:contacts":"51"}
{"id":"2",$m,"hs_meeting_title":"Review","hs_timestamp":"2026-11-23T09:00:00Z","hs_meeting_start_time":"2026-11-23T09:00:00Z","association:contacts":"52"}
{"id":"3",$m,"hs_meeting_title":"Theirs","hs_timestamp":"2026-11-24T09:00:00Z","hs_meeting_start_time":"2026-11-24T09:00:00Z","hs_meeting_outcome":"SCHEDULED","association:contacts":"51","association:companies":"700","association:deals":"88","hubspot_owner_id":"4162"}
J
cat > hub/tasks.ndjson <<J
{"id":"1",$m,"hs_task_subject":"Call back","hs_task_status":"NOT_STARTED","hs_timestamp":"2026-11-23T09:00:00Z","association:contacts":"51"}
J
cat > hub/calls.ndjson <<J
{"id":"1",$m,"hs_timestamp":"2026-11-18T09:00:00.000Z","hs_call_duration":"61000","hs_call_direction":"INBOUND","association:contacts":"52"}
J
cat > hub/emails.ndjson <<J
{"id":"1",$m,"hs_timestamp":"2026-11-18T09:00:00Z","hs_email_direction":"INCOMING_EMAIL","hs_email_subject":"Theirs","association:contacts":"52"}
{"id":"2",$m,"hs_timestamp":"2026-11-18T10:00:00Z","hs_email_direction":"EMAIL","hs_email_subject":"Both","association:contacts":"52"}
J
cat > hub/notes.ndjson <<J
{"id":"1",$m,"hs_timestamp":"2026-11-18T09:00:00Z","hs_note_body":"Likes tea","association:companies":"701"}
J
cat > hub/leads.ndjson <<J
{"id":"1",$m,"hs_lead_name":"Bo - inbound","hs_pipeline_stage":"new-stage-id","hs_associated_contact_email":"bo@beta.example","association:contacts":"52"}
J
# ---- what the application has, half of it the same ----
cat > app/user.ndjson <<'J'
{"id":"u1","modified":"2026-11-19T10:00:00.000Z","name":"Ann Ng","email":"ann@us.example"}
J
cat > app/customer.ndjson <<'J'
{"id":"c1","modified":"2026-11-19T10:00:00.000Z","name":"Acme, Inc.","domain":"acme.example","health":71,"health_product":70,"health_risk":80,"health_outcomes":65,"health_voice":72,"health_engagement":90,"risk_category":"low","churn_prediction":0.03,"owner":"u1"}
{"id":"c2","modified":"2026-11-19T10:00:00.000Z","name":"Ours","domain":"ours.example","annual_revenue":5,"owner":"u1"}
J
cat > app/contact.ndjson <<'J'
{"id":"k1","modified":"2026-11-19T10:00:00.000Z","first_name":"Li","last_name":"Wu","email":"li@acme.example","engagement":66,"customer":"c1"}
{"id":"k2","modified":"2026-11-19T10:00:00.000Z","first_name":"Bo","last_name":"Li","email":"bo@beta.example"}
{"id":"k3","modified":"2026-11-19T10:00:00.000Z","first_name":"Cy","last_name":"Day","email":"cy@ours.example","customer":"c2"}
J
cat > app/meeting.ndjson <<'J'
{"id":"m1","modified":"2026-11-19T10:00:00.000Z","subject":"Review","start":"2026-11-23T10:00:00+01:00","contact":"k1","customer":"c1"}
{"id":"m2","modified":"2026-11-19T10:00:00.000Z","subject":"Review","start":"2026-11-23T09:00:00Z","contact":"k2"}
{"id":"m4","modified":"2026-11-19T10:00:00.000Z","subject":"Ours","start":"2026-11-25T09:00:00Z","end":"2026-11-25T10:00:00Z","contact":"k3","customer":"c2","owner":"u1"}
J
cat > app/activity.ndjson <<'J'
{"id":"t1","modified":"2026-11-19T10:00:00.000Z","subject":"Call back","status":"Not Started","due":"2026-11-23","contact":"k1"}
{"id":"t2","modified":"2026-11-19T10:00:00.000Z","subject":"Call back","status":"Not Started","due":"2026-11-23","contact":"k3"}
J
cat > app/call.ndjson <<'J'
{"id":"a1","modified":"2026-11-19T10:00:00.000Z","start":"2026-11-18T09:00:00.000Z","subject":"Intro","contact":"k2"}
J
cat > app/email.ndjson <<'J'
{"id":"e2","modified":"2026-11-19T10:00:00.000Z","start":"2026-11-18T10:00:00Z","direction":"outgoing","subject":"Both","contact":"k2"}
{"id":"e3","modified":"2026-11-19T10:00:00.000Z","start":"2026-11-18T11:00:00Z","direction":"outgoing","subject":"Ours","contact":"k3"}
J
cat > app/note.ndjson <<'J'
{"id":"n1","modified":"2026-11-19T10:00:00.000Z","start":"2026-11-18T12:00:00Z","body":"Ours","contact":"k3"}
J

# ---- the first run: what both have is one, the rest is told ----
at 12:00
runs 0 'the first run' sync-all.sh
is "$(cat out)" 'app: 6 created, 4 updated, 0 unchanged
hub: 5 created, 4 updated, 0 unchanged' 'it says what it did' || cat err
at 12:05
quiet 'the second run'
at 12:10
quiet 'the third run'
# app's and hub's, of each: the same number
for pair in customer:companies contact:contacts deal:deals lead:leads \
    activity:tasks meeting:meetings call:calls note:notes; do
	is "$(rows "hub/${pair#*:}.ndjson")" "$(rows "app/${pair%:*}.ndjson")" \
		"${pair%:*}: as many on both sides"
done
is "$(rows app/meeting.ndjson)" 4 'a meeting both entered is one'
is "$(rows app/call.ndjson)" 1 'and a call'
is "$(rows app/activity.ndjson)" 2 'a task of the same day, but not with whom, is not'
is "$(rows app/user.ndjson) $(rows hub/owners.ndjson)" '1 1' \
	'owners are users, and are not written'
is "$(crm-state conflicts)" '' 'nobody is to be asked'

# ---- what each side is told ----
has hub/companies.ndjson '"health_score":71,"health_last_six":"71","health_product":70,"health_risk":80,"health_outcomes":65,"health_voice":72,"health_engagement":90,"risk_category":"low","churn_prediction":0.03' \
	'health goes to HubSpot'
has app/customer.ndjson '"annual_revenue":1000' 'revenue comes from it'
grep -q '"annualrevenue":5' hub/companies.ndjson
is $? 1 'and does not go there'
has hub/contacts.ndjson '"engagement_score":66' 'engagement goes to contacts'
has hub/contacts.ndjson '"association:companies":"app:customer:c2"' \
	'a contact is associated with its company'
has app/contact.ndjson '"customer":"hub:companies:701"' 'and the other way'
has app/deal.ndjson '"stage":"Contract Sent","pipeline":"Sales Pipeline","close_date":"2026-12-31","type":"renewal","renewal":true,"customer":"c1","owner":"u1"' \
	'a renewal, with stage, close date and owner'
has app/meeting.ndjson '"subject":"Theirs","start":"2026-11-24T09:00:00.000Z","outcome":"scheduled","customer":"c1","contact":"k1","deal":"hub:deals:88","owner":"u1","source":"hub"' \
	'a meeting of HubSpot, with whom, and whose it is'
has hub/meetings.ndjson '"hs_meeting_title":"Ours","hs_meeting_start_time":"2026-11-25T09:00:00.000Z","hs_timestamp":"2026-11-25T09:00:00.000Z","hs_meeting_end_time":"2026-11-25T10:00:00.000Z","association:companies":"app:customer:c2","association:contacts":"app:contact:k3","hubspot_owner_id":"4162","activity_source":"app"' \
	'one of the application'
has hub/tasks.ndjson '"hs_timestamp":"2026-11-23T12:00:00.000Z"' \
	'a day is an instant there'
has app/lead.ndjson '"contact":"k2"' 'a lead stands on its contact'

# ---- emails wait for a person ----
is "$(rows hub/emails.ndjson) $(rows app/email.ndjson)" '2 3' \
	'an email of HubSpot comes, none goes'
crm-state queue hub > queue
is "$(grep -c '"entity":"email"' queue) $(grep -c '"proposed"' queue)" '1 1' \
	'it waits' || cat queue
crm-state -q approve hub app:email:e3
at 12:15
runs 0 'a run once it is approved' sync-all.sh
is "$(rows hub/emails.ndjson)" 3 'it is sent'
has hub/emails.ndjson '"hs_email_subject":"Ours","hs_timestamp":"2026-11-18T11:00:00.000Z","hs_email_direction":"EMAIL","association:contacts":"app:contact:k3","activity_source":"app"' \
	'as it is'
at 12:20
quiet 'a run after that'

# ---- later changes, in both directions ----
at 12:30
edit() {
	sed -i "/\"id\":\"$2\"/{$3
		s/\"modified\":\"[^\"]*\"/\"modified\":\"$CRM_NOW\"/;}" "$1"
}
edit app/customer.ndjson c1 's/"health":71/"health":64/'
edit hub/deals.ndjson 88 's/"contractsent"/"closedwon"/'
edit hub/meetings.ndjson 3 's/SCHEDULED/COMPLETED/'
edit app/meeting.ndjson m4 's/T09:00:00/T09:30:00/'
edit app/activity.ndjson t1 's/Not Started/Completed/'
runs 0 'a run after edits' sync-all.sh
has hub/companies.ndjson '"health_score":64,"health_last_six":"71, 64"' \
	'the last values go along'
has hub/companies.ndjson '"health_trend":"down"' 'and the trend'
has app/deal.ndjson '"stage":"Closed Won"' 'a renewal is won'
has app/meeting.ndjson '"outcome":"completed"' 'a meeting took place'
has hub/meetings.ndjson '"hs_meeting_start_time":"2026-11-25T09:30:00.000Z","hs_timestamp":"2026-11-25T09:30:00.000Z"' \
	'one is put off, in both its times'
has hub/tasks.ndjson '"COMPLETED"' 'a task is done'
at 12:35
quiet 'a run after that'
crm-state check > /dev/null
is $? 0 'the state is sound'
done_testing
