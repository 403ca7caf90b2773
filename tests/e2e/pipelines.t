#!/bin/sh
# SPDX-License-Identifier: MIT
# pipelines/sync-all.sh and full-sync.sh: any number of systems, one run at a
# time, silent when all is well; and every stage killed once.
. "${0%/*}/../lib.sh"
PATH=$TREE/pipelines:$PATH
CRM_MAPPINGS=$WORK/maps:$TREE/tests/golden/sync/mappings
export CRM_MAPPINGS

at() {
	CRM_NOW=2026-11-20T$1:00Z CRM_RUN=run-$1
	export CRM_NOW CRM_RUN
}
names() {
	sed -n 's/.*"name":"\([^"]*\)".*/\1/p' "$1" | sort | tr '\n' ' '
}

# ---- three systems ----
mkdir maps app hub north
sed 's/object: *"people"/object: "folk"/' \
	"$TREE/tests/golden/sync/mappings/person.hub.jq" > maps/person.north.jq
crm-state -q init
cat > .crm/systems.jq <<'J'
{app: {kind: "file", path: "app"}, hub: {kind: "file", path: "hub"},
 north: {kind: "file", path: "north"},
 gone: {kind: "file", path: "gone", enabled: false}}
J
for n in 1 2 3; do
	echo '{"id":"'$n'","name":"Ann'$n'","tier":"A"}' >> app/person.ndjson
	echo '{"id":"'$n'","name":"Bob'$n'","tier":"B"}' >> hub/people.ndjson
	echo '{"id":"'$n'","name":"Cid'$n'","tier":"C"}' >> north/folk.ndjson
done
at 12:00
runs 0 'three systems' sync-all.sh
want='Ann1 Ann2 Ann3 Bob1 Bob2 Bob3 Cid1 Cid2 Cid3 '
all_three() {
	is "$(names app/person.ndjson)$(names hub/people.ndjson)$(
		names north/folk.ndjson)" "$want$want$want" "$1"
}
all_three 'each has all'
at 12:05
runs 0 'again' sync-all.sh
is "$(cat out err)" '' 'there is nothing to do'
runs 2 'a system that is not there' sync-all.sh -s app -s nosuch
has err 'nosuch: is it in systems.jq' 'it says which'
runs 2 'one that is not enabled' sync-all.sh -s app -s gone
runs 2 'an entity nobody knows' sync-all.sh nothing
runs 2 'one system by itself' sync-all.sh -s app
has err 'no two systems' 'there is nothing to keep the same'
runs 2 'one with itself' sync-two-way.sh app app person
has err 'name two systems' 'it says so'
# A pattern would name the files of the folder.
runs 2 'a pattern for a system' sync-all.sh -s 'ap?' -s hub
has err "ap?: is it in" 'names none'
runs 2 'nor does one that cron is given' full-sync.sh -s 'no*th'
has out "no*th: is it in" 'which is said, too'
runs 2 'a dot' sync-all.sh -s 'h.b' -s app
has err 'h.b: is it in' 'is a dot'
at 12:10
sed -i 's/Ann1/Ann One/' app/person.ndjson
runs 0 'two of three' sync-all.sh -s app -s hub
is "$(names hub/people.ndjson | cut -c 1-8)" 'Ann One ' 'one has the edit'
is "$(names north/folk.ndjson | cut -c 1-5)" 'Ann1 ' 'the third not yet'
at 12:15
runs 0 'all again' sync-all.sh
is "$(names north/folk.ndjson | cut -c 1-8)" 'Ann One ' 'then it has, too'

# ---- from cron ----
at 12:20
sed -i 's/Bob1/Bob One/' hub/people.ndjson
runs 0 'a full sync' full-sync.sh
is "$(cat out err)" '' 'all is well: it says nothing'
is "$(names app/person.ndjson | grep -c 'Bob One')" 1 'and did its work'
is "$(stat -c %a .crm/sync.lock)" 600 'the lock is ours alone'
at 12:25
sed -i 's/Bob2/Bob Two/' hub/people.ndjson
runs 0 'told to speak' full-sync.sh -v
has out 'app' 'it does'
at 12:30
sed -i 's/"Ann2","tier":"A"/"Ann2","tier":"X"/' app/person.ndjson
sed -i 's/"Ann2","tier":"A"/"Ann2","tier":"Y"/' hub/people.ndjson
runs 1 'a new conflict' full-sync.sh
has out '{"type":"conflict"' 'is said'
at 12:35
runs 0 'an old one' full-sync.sh
is "$(cat out err)" '' 'is not'
runs 2 'a folder without a home' full-sync.sh -C maps
has err 'no home of a sync here' 'is refused'
(cd / && full-sync.sh -C "$WORK") > out 2>&1
is $? 0 'from anywhere, with -C'
runs 2 'an option nobody knows' full-sync.sh -q
for bad in -wabc -w-1 -w1.2.3 -xabc -x; do
	runs 2 "$bad is no time" poll.sh $bad
done
(cd "$TREE/pipelines" && sh full-sync.sh -C "$WORK") > out 2>&1
is $? 0 'from its own folder, too'
mkdir "a 'b' \"c\" \$d *"
cp -R .crm app hub north "a 'b' \"c\" \$d *"
runs 0 'a folder of any name' full-sync.sh -C "a 'b' \"c\" \$d *"
rm -r "a 'b' \"c\" \$d *"

(
	exec 9>> .crm/sync.lock
	flock 9
	: > held
	while [ ! -e release ]; do sleep 0.05; done
) &
while [ ! -e held ]; do sleep 0.05; done
runs 3 'while another runs' full-sync.sh -w 0
has err 'another sync is running' 'it says so'
runs 0 'a poll' poll.sh
is "$(cat out err)" '' 'it does not'
(sleep 0.3; : > release) &
runs 0 'with -w it waits' full-sync.sh -w 20
wait
echo 'process 1, since 2020-01-01T00:00:00Z' > .crm/sync.lock
runs 0 'what a dead one left is no lock' full-sync.sh


# ---- what is missing is not taken for something else ----
mkdir tools
for program in sh dirname mktemp rm date cat timeout sed awk cut sort uniq \
	grep; do
	ln -s "$(command -v $program)" tools/
done
PATH=$CRM_BIN:$TREE/pipelines:$WORK/tools runs 2 'no flock' poll.sh
has err 'flock cannot lock' 'is no lock that is held'
PATH=$TREE/pipelines:/usr/bin:/bin runs 2 'none of our programs' sync-all.sh
PATH=$TREE/pipelines:/usr/bin:/bin runs 2 'nor for an import' \
	import-csv.sh nothing.csv
mkdir -p cdp/elsewhere elsewhere
cp -R .crm app hub north elsewhere
(CDPATH=$WORK/cdp && export CDPATH && full-sync.sh -C elsewhere) > out 2> err
is $? 0 'a CDPATH leads nowhere else' || note "$(cat out err)"
rm -r elsewhere
printf 'id,name\n9,Zoe\n' > zoe.csv
runs 2 'an export of the system it is to fill' \
	import-csv.sh -s app -t app -e person zoe.csv
has err 'itself' 'it says so'

mkdir slow
printf '#!/bin/sh\nsleep 30\n' > slow/crm-diff
chmod +x slow/crm-diff
PATH=$WORK/slow:$PATH runs 3 'one that never ends' full-sync.sh -x 0.0003
has out 'stopped after 0.0003 hours' 'is stopped, and says so'
runs 0 'and the next goes on' full-sync.sh
PATH=$WORK/slow:$PATH full-sync.sh > out 2> err &
sleep 0.5
kill $!
wait $!
is $? 3 'one that is told to end exits 3'
runs 0 'and leaves nothing locked' full-sync.sh

# ---- for cron and systemd ----
is "$(sed -n 's/^[*0-9][^a-z]* \([a-z-]*\.sh\) .*/\1/p' \
	"$TREE/pipelines/crontab" | while read -r f; do
		[ -x "$TREE/pipelines/$f" ] && echo "$f"; done | tr '\n' ' ')" \
	'poll.sh full-sync.sh ' 'the crontab runs what is there'
if command -v systemd-analyze > /dev/null; then
	mkdir -p units
	for i in poll full-sync; do
		cp "$TREE/pipelines/crm-sync@$i.timer" units
		sed -e "s|/usr/local/share/crm|$TREE|; s/^User=.*//" \
			-e "s|=/srv/sync|=$WORK|" \
			"$TREE/pipelines/crm-sync@.service" > units/crm-sync@.service
		systemd-analyze verify "units/crm-sync@$i.timer" > out 2>&1
		is "$?$(grep -c crm-sync out)" 00 "systemd takes crm-sync@$i" ||
			note "$(cat out)"
	done
else
	note "systemd-analyze is not installed"
fi

# ---- each stage killed once, in the middle of what it writes ----
mkdir kill
for program in crm-extract crm-map crm-diff crm-resolve crm-load crm-state; do
	cat > kill/$program <<S
#!/bin/sh
n=1
while ! mkdir $WORK/calls/\$n 2> /dev/null; do n=\$((n + 1)); done
[ \$n -eq "\$VICTIM" ] || exec $CRM_BIN/$program "\$@"
$CRM_BIN/$program "\$@" | head -c "\$LEFT"
kill -9 \$\$
S
done
chmod +x kill/*
rm -rf .crm app hub north
mkdir fresh fresh/app fresh/hub fresh/north
(cd fresh && at 13:00 && crm-state -q init)
cp -p "$TREE/tests/golden/sync/mappings/person.hub.jq" maps/person.hub.jq
cat > fresh/.crm/systems.jq <<'J'
{app: {kind: "file", path: "app"}, hub: {kind: "file", path: "hub"},
 north: {kind: "file", path: "north"}}
J
for n in 1 2 3 4 5 6; do
	echo '{"id":"'$n'","name":"Ann'$n'","tier":"A"}' >> fresh/app/person.ndjson
	echo '{"id":"'$n'","name":"Bob'$n'","tier":"B"}' >> fresh/hub/people.ndjson
	echo '{"id":"'$n'","name":"Cid'$n'","tier":"C"}' >> fresh/north/folk.ndjson
done
(cd fresh && at 13:00 && sync-all.sh) > out 2> err ||
	note "$(cat err)"
# A change on each side, a removal on one.
sed -i '/Ann1/s/"tier":"A"/"tier":"Q"/' fresh/app/person.ndjson
sed -i '/Bob2/s/"tier":"B"/"tier":"R"/' fresh/hub/people.ndjson
sed -i '/Cid3/d' fresh/north/folk.ndjson
# what each side holds, but for ids and times of writing
holds() {
	for f in "$1"/app/*.ndjson "$1"/hub/*.ndjson "$1"/north/*.ndjson; do
		echo "$f" | sed "s|$1/||"
		sed -n 's/.*\("name":"[^"]*"\).*\("tier":"[^"]*"\).*/\1 \2/p' \
			"$f" | sort
	done
}
cp -a fresh whole
mkdir calls
(cd whole && at 13:10 && VICTIM=0 PATH=$WORK/kill:$PATH sync-all.sh) \
	> out 2> err
is $? 0 'undisturbed it exits 0'
calls=$(ls calls | wc -l)
holds whole > want
killed=0 bad=''
for victim in $(seq 1 "$calls"); do
	for left in 0 150; do
		rm -rf trial calls
		mkdir calls
		cp -a fresh trial
		(cd trial && at 13:10 && VICTIM=$victim LEFT=$left \
			PATH=$WORK/kill:$PATH sync-all.sh) > out 2> err
		[ $? -eq 3 ] || bad="$bad $victim/$left:status"
		killed=$((killed + 1))
		(cd trial && at 13:20 && sync-all.sh) > out 2> err ||
			bad="$bad $victim/$left:again=$?"
		holds trial | cmp -s - want || bad="$bad $victim/$left:differs"
	done
done
note "stages killed: $killed"
[ $killed -gt 20 ]
ok $? 'every stage was killed'
is "$bad" '' 'each time it exits 3, and the next run leaves the same'
done_testing
