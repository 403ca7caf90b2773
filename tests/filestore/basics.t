#!/bin/sh
# SPDX-License-Identifier: MIT
# The embedded store: what is written is there, what people wrote stays.
. "${0%/*}/../lib.sh"
variant=${CRM_VARIANT:-release}
[ "$variant" = valgrind ] && variant=release
drive=$TREE/.build/$variant/helper/filestore_drive
tab=$(printf '\t')

# write LINE...: one run with these operations; answers in `out`.
write() {
	printf "$1" | "$drive" write app c > out 2> err
}
lines() { cut -f1,2 out | tr "$tab\n" ' ;'; }
ids() { "$drive" read app c > got 2>&1; grep -v '^end' got | cut -f1 | tr '\n' ' '; }

write 'commit\n'; is $? 13 'a missing directory is a configuration error'
has err 'mkdir -p app' '... and says what to do'
mkdir app
"$drive" read app c > got; is "$(cut -f1-3 got)" "end${tab}1${tab}0" \
	'a missing file is an empty object, read as a whole'
for object in ../x .x a/b ''; do
	"$drive" read app "$object" 2> err; is $? 13 "object '$object' is refused"
done

write 'create\tu1\t{"name":"A","gone":null,"n":1.50}\ncreate\tu2\t{"name":"B"}\ncreate\tu1\t{}\ncommit\n'
is "$(lines)" 'DONE u1;DONE u2;EXISTS u1;' 'creates; a second one exists'
is "$(cat app/c.ndjson)" '{"id":"u1","uid":"u1","version":"1.'"$(
	sed -n '1s/.*"version":"1\.\([^"]*\)".*/\1/p' app/c.ndjson)"'","modified":"2026-11-20T12:00:00.000Z","name":"A","n":1.50}
{"id":"u2","uid":"u2","version":"2.'"$(
	sed -n '2s/.*"version":"2\.\([^"]*\)".*/\1/p' app/c.ndjson)"'","modified":"2026-11-20T12:00:00.000Z","name":"B"}' \
	'one line each, null left out, numbers as they came'
is "$(ls -A app | tr '\n' ' ')" 'c.ndjson c.ndjson.lock ' 'nothing else stays'

printf '%s\n' '{"id": 7, "name" : "Hand", "deep":{"b": [1,  2], "a":"\u00e9"},"z":1e2}' \
	'{"id":"u3","uid":"crm:9","name":"C","version":"4"}' 'not json' \
	'{"id":"u4","name":1,"name":2}' '{"name":"no id"}' '{"id":1.5}' '{"id":""}' '' >> app/c.ndjson
printf '{"id":"last","name":"no LF"}' >> app/c.ndjson
touch -d 2026-11-01T10:00:00Z app/c.ndjson
is "$(ids)" 'u1 u2 7 u3 bad bad bad bad bad last ' 'edited lines are read, bad ones said'
has got 'end	1	1	' '... a line without an id is a record lost'
has got '7	0.' 'a line without version has number 0'
grep -q '^7.*2026-11-01T10:00:00.000Z' got; ok $? '... and the time of the file'
before=$("$drive" read app c | grep -v '^end\|^bad' | cut -f1-3)

write 'update\t7\t-\t{"name":"Mine","deep":null,"new":[ 1 ]}\t-\ncreate\tcrm:9\t{}\nupdate\tnone\t-\t{}\t-\n'
is "$(cut -f1,2 out | tr "$tab\n" ' ;')" 'DONE 7;EXISTS u3;FAILED ;' \
	'uid members are known; not found may be a bad line'
has app/c.ndjson '{"id": 7,"name":"Mine","z":1e2,"new":[1],' 'members kept as they stand'
has app/c.ndjson 'not json' 'a line that is no record is kept'
has app/c.ndjson '{"id":"u4","name":1,"name":2}' '... also with a key twice'
has err 'unreadable 5' '... and counted'
after=$("$drive" read app c | grep -v '^end\|^bad' | cut -f1-3)
is "$(echo "$after" | grep -v ^7)" "$(echo "$before" | grep -v ^7)" \
	'what was not written reads as before: id, version, time'

# Editing a line without touching its version.
sed -i 's/"name":"B"/"name":"By hand"/' app/c.ndjson
touch -d 2026-11-02T10:00:00Z app/c.ndjson
"$drive" read app c > got
grep -q '^u2	2\..*	2026-11-02T10:00:00.000Z' got; ok $? 'an edit by hand is noticed'
sed -i '/"u2"/s/"modified":"[^"]*"/"modified":"2026-11-02T11:00:00+02:00"/' app/c.ndjson
"$drive" read app c > got
grep -q '^u2	2\..*	2026-11-02T09:00:00.000Z' got; ok $? '... with the time it names'

write 'delete\tu1\t-\narchive\tu2\t-\ndelete\tu1\t-\ncreate\tu1\t{"again":1}\n'
is "$(lines)" 'DONE u1;DONE u2;DONE u1;DONE u1;' 'delete, archive, delete again, create again'
grep '"u2"' app/c.ndjson | grep -q '"archived":true'; ok $? 'archived'
is "$(grep -c '"id":"u1"' app/c.ndjson)" 1 'once there'

# Staleness.
v=$("$drive" read app c | sed -n 's/^u3	\([^	]*\).*/\1/p')
write "update\tu3\t$v\t{\"name\":\"D\"}\t-\nupdate\tu3\t$v\t{\"name\":\"E\"}\t-\nupdate\tu3\t$v\t{\"name\":\"F\"}\t{\"name\":\"D\"}\nupdate\tu3\t$v\t{\"name\":\"G\"}\t{\"name\":\"D\",\"x\":null}\nupdate\tu3\t-\t{\"name\":\"H\"}\t-\n"
is "$(cut -f1 out | tr '\n' ' ')" 'DONE STALE DONE STALE DONE ' \
	'stale by version; with expected values only when one differs'
grep -q '"name":"H"' app/c.ndjson; ok $? 'without either it is written'

write 'update\tu3\t-\t{"name":"H"}\t-\n'; cp app/c.ndjson same
write 'update\tu3\t-\t{"name":"H"}\t-\n'; same app/c.ndjson same 'a change of nothing writes nothing'
write 'create\tx\t[1]\ncreate\tx\t{"a":\nupdate\tu3\t-\t{"a":1,"a":2}\t-\n'
is "$(cut -f1 out | tr '\n' ' ')" 'FAILED FAILED FAILED ' 'data that is no object fails'

sleep 0.3
cursor=$("$drive" read app c | sed -n 's/^end	1	1	//p')
is "$("$drive" read app c "$cursor" | cut -f1-3)" "end${tab}0${tab}0" \
	'the same file: an empty delta'
printf '\n' >> app/c.ndjson
[ "$("$drive" read app c "$cursor" | wc -l)" -gt 5 ]; ok $? 'another byte: a full read'
mv app/c.ndjson real; ln -s ../real app/c.ndjson
"$drive" read app c > got 2> err; is $? 13 'a symbolic link is refused'
rm app/c.ndjson; mkfifo app/c.ndjson
"$drive" read app c > got 2> err; is $? 13 'a pipe is refused'
rm app/c.ndjson

# Equal values are not another value.
printf '{"id":"1","n":1.50,"s":"\\u00e9","o":{"a": 1}}\n' > app/c.ndjson
write 'update\t1\t9.00000000\t{"m":1}\t{"n":1.5,"s":"é","o":{"a":1}}\nupdate\t1\t-\t{"m":2}\t{"n":1.51}\n'
is "$(cut -f1 out | tr '\n' ' ')" 'DONE STALE ' \
	'1.50 is 1.5, an escape its character, space nothing'
done_testing
