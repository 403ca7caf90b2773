#!/bin/sh
# SPDX-License-Identifier: MIT
# Two systems that each set a field back would have it go back and forth for
# ever: it is stopped, and a person decides.
. "${0%/*}/../lib.sh"
. "$TREE/tests/golden/sync/sync.sh"
CRM_MAPPINGS=$TREE/tests/golden/sync/mappings

decisions() {
	grep -cE '^\{"type":"(operation|conflict)"' plan.ndjson
}
# set_back STORE HH:MM FROM TO: it is so there, and all is synced.
set_back() {
	at "$2"
	edit "$1" '[^"]*1' "s/\"name\":\"$3\"/\"name\":\"$4\"/"
	sync > /dev/null
}

two
set_back hub/people.ndjson 13:00 Ann ANN
is "$(decisions)" 1 "the hub has its own way of it"
set_back app/person.ndjson 13:15 ANN Ann
is "$(decisions)" 1 "the application sets it back"
set_back hub/people.ndjson 13:30 Ann ANN
is "$(decisions)" 1 "the second time it is stopped"
has plan.ndjson '"type":"conflict"' "as a conflict"
has plan.ndjson '"why":"goes back and forth"' "which says why"
at 13:45
sync > /dev/null
is "$(decisions)" 0 "and stays so"
crm-state conflicts > out
has out '"uid":"app:person:1","field":"name"' "crm-state conflicts lists it"
crm-state decide person app:person:1 name hub > out 2>&1 || cat out
at 14:00
sync > /dev/null
crm-load app --pending > /dev/null
at 14:15
sync > /dev/null
is "$(grep -c '"name":"ANN"' app/person.ndjson hub/people.ndjson)" \
    "app/person.ndjson:1
hub/people.ndjson:1" "decided, it stands in both"
set_back app/person.ndjson 14:30 ANN Ann
set_back hub/people.ndjson 14:45 Ann ANN
is "$(decisions)" 1 "and may change again"
has plan.ndjson '"type":"operation"' "for a while"

set_back app/person.ndjson 14:50 ANN Ada
for hour in 15 16 17; do
	set_back app/person.ndjson $hour:00 Ada Eva
	set_back app/person.ndjson $hour:30 Eva Ada
	has plan.ndjson '"type":"operation"' "one system may do so by itself"
done

for day in 22 26; do
	at 10:00 $day
	edit hub/people.ndjson '[^"]*1' 's/"name":"Ada"/"name":"ADA"/'
	sync > /dev/null
	at 10:00 $((day + 2))
	sync > /dev/null
	at 11:00 $((day + 3))
	edit app/person.ndjson 1 's/"name":"ADA"/"name":"Ada"/'
	sync > /dev/null
	has plan.ndjson '"type":"operation"' "days apart it is nobody's quarrel"
done
done_testing
