#!/bin/sh
# SPDX-License-Identifier: MIT
# People edit the file while it is written; two want to write; the disk is full.
. "${0%/*}/../lib.sh"
variant=${CRM_VARIANT:-release}
[ "$variant" = valgrind ] && variant=release
drive=$TREE/.build/$variant/helper/filestore_drive
tab=$(printf '\t')

start() {
	rm -rf app to out err
	mkdir app
	printf '%s\n' '{"id":"1","name":"one","n":0}' '{"id":"2","name":"two","n":0}' \
		'{"id":"3","name":"three","n":0}' '{"id":"4","name":"four"}' \
		'# a remark' > app/c.ndjson
	mkfifo to
	"$drive" write app c < to > out 2> err &
	writer=$!
	exec 3> to
}
say() { printf "$1" >&3; }
# answers N: until N answers are there.
answers() {
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		[ -f out ] && [ "$(wc -l < out)" -ge "$1" ] && return
		sleep 0.1
	done
	note "no $1 answers"
}
end() { exec 3>&-; wait "$writer"; status=$?; }
values() { jq -cRr 'fromjson? | [.id, .name, .n, .m] | map(. // "-") | join(" ")' app/c.ndjson | tr '\n' ';'; }

# By an editor (a new file takes the name) and in place.
for how in rename place; do
	start
	say 'update\t1\t-\t{"n":1}\t-\nupdate\t2\t-\t{"n":1}\t-\ndelete\t3\t-\ndelete\t4\t-\ncreate\tnew\t{"name":"new"}\ncreate\tours\t{"name":"ours"}\ncommit\n'
	answers 6
	sed -e '/"id":"1"/s/one/ONE/' -e '/"id":"2"/s/"n":0/"n":5,"m":7/' \
		-e '/"id":"4"/s/four/FOUR/' -e 's/a remark/another/' app/c.ndjson > edited
	printf '%s\n' '{"id":"hand","name":"by hand"}' '{"id":"new","name":"theirs"}' >> edited
	if [ $how = rename ]; then mv edited app/c.ndjson; else cat edited > app/c.ndjson; fi
	end
	is "$status" 0 "edited while written ($how)"
	is "$(values)" '1 ONE 1 -;2 two 5 7;4 FOUR - -;hand by hand - -;new theirs - -;ours ours - -;' \
		'... every edit stays, ours beside it'
	has app/c.ndjson '# another' '... also in a line that is no record'
	is "$(ls -A app | tr '\n' ' ')" 'c.ndjson c.ndjson.lock ' '... nothing else is left'
	"$drive" read app c > got
	is "$(cut -f1 got | tr '\n' ' ')" '1 2 4 bad hand new ours end ' '... and reads'
done

# The person's line is gone; the person removed the file.
start
say 'update\t1\t-\t{"n":1}\t-\nupdate\t2\t-\t{"n":1}\t-\ncommit\n'; answers 2
grep -v '"id":"1"' app/c.ndjson > edited && mv edited app/c.ndjson
end
is "$(values)" '2 two 1 -;3 three 0 -;4 four - -;' 'a record they deleted stays deleted'
start
say 'update\t1\t-\t{"n":1}\t-\ncreate\tnew\t{"name":"new"}\ncommit\n'; answers 2
rm app/c.ndjson
end
is "$status,$(values)" '0,new new - -;' 'the file was removed: only what is new is there'

# Several changes of one record, and a reader meanwhile.
start
say 'update\t1\t-\t{"n":1}\t-\ncommit\nupdate\t1\t-\t{"n":2,"m":2}\t-\ncommit\ncreate\tx\t{"n":1}\nupdate\tx\t-\t{"m":1}\t-\ndelete\tx\t-\ncreate\tx\t{"n":3}\ncommit\n'
answers 6
"$drive" read app c > got
is "$(tail -1 got | cut -f1-2)" "end${tab}0" 'a reader beside a writer does not call it whole'
sed '/"id":"1"/s/one/ONE/' app/c.ndjson > edited && mv edited app/c.ndjson
end
is "$(values)" '1 ONE 2 2;2 two 0 -;3 three 0 -;4 four - -;x - 3 -;' \
	'a chain of changes is done anew on the edited line'

# Edited in place while records are looked for.
start
say 'update\t1\t-\t{"n":1}\t-\ncommit\n'; answers 1
sed '1i {"id":"0","pad":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}' app/c.ndjson > edited
cat edited > app/c.ndjson
say 'update\t4\t-\t{"n":1}\t-\ncommit\n'
end
[ "$status" -eq 14 ]; ok $? 'a record that is not where it was is no GONE' || note "exit $status" "$(cat out err)"
"$drive" read app c > got
is "$(values)" '0 - - -;1 one 1 -;2 two 0 -;3 three 0 -;4 four - -;' '... what was done before stays done'

# Two writers.
start
say 'update\t1\t-\t{"n":1}\t-\ncommit\n'; answers 1
printf 'commit\n' | "$drive" write app c 2> err2
is $? 14 'a second writer is sent away'
has err2 "process $writer" '... and told who writes'
"$drive" read app c > got
as_of=$(grep '^end' got | cut -f5)
[ "${as_of:-0}" -gt 1 ] && [ "$as_of" -lt "$(date +%s)999" ]
ok $? '... who reads is told as of when'
CRM_NOW=2020-01-01T00:00:00Z "$drive" read app c > got
is "$(grep '^end' got | cut -f5)" 1 '... and not where the clock went back'
end
"$drive" read app c > got
is "$(grep '^end' got | cut -f2,5)" 1 '... and nothing once it ended'
kill -0 "$writer" 2>/dev/null; [ $? -ne 0 ]; ok $? 'the first one ended'
printf 'update\t1\t-\t{"n":2}\t-\n' | "$drive" write app c > out 2> err
is "$(cut -f1 out)" DONE 'then the second one may'

# A store that is being made.
start
rm app/c.ndjson
say 'create\tnew\t{"name":"new"}\ncommit\n'; answers 1
"$drive" read app c > got
is "$(cut -f1,2,5 got | tr "$tab" ' ')" 'end 0' \
	'what is not there yet shows nothing that is old'
end

# A full disk: nothing is lost, nothing torn, the next run goes on.
start; end
(ulimit -f 64; trap '' XFSZ; printf 'make\t1\t100\t300\ncommit\nmake\t1000\t5000\t300\n' |
	"$drive" write app c > out 2> err)
is $? 16 'a file size limit fails the run'
"$drive" read app c > got 2>&1
done=$(grep -c ^DONE out)
is "$done" 100 'the batch before was done'
is "$(grep -c '^crm:' got)" 100 '... and is there, without any of the failed one'
is "$(grep -c '"name":"\(one\|two\)"' app/c.ndjson)" 2 '... beside what was there'

rm app/c.ndjson
printf 'make\t1\t100\t300\n' | "$drive" write app c > out
(ulimit -f 64; trap '' XFSZ; printf 'make\t1000\t100\t300\ncommit\n' |
	"$drive" write app c > out 2> err)
is "$?,$(grep -c ^DONE out)" 16,100 'room for the journal, none for the file'
is "$(ls -A app | tr '\n' ' ')" 'c.ndjson c.ndjson.journal c.ndjson.lock ' \
	'... the journal stays, nothing fills the disk'
"$drive" read app c > got
is "$(grep -c '^crm:' got),$(ls -A app | wc -l)" 200,2 '... and is merged when there is room'

# Lines at the limits.
awk 'BEGIN { printf "{\"id\":\"big\",\"v\":\""; for (i = 0; i < 17 * 1024; i++)
	printf "%01024d", 0; print "\"}"; print "{\"id\":\"after\"}" }' > app/c.ndjson
cp app/c.ndjson before
printf 'update\tafter\t-\t{"n":1}\t-\n' | "$drive" write app c > out 2> err
is "$(cut -f1 out; cat err)" "DONE
unreadable 1 repeated 0" 'a line beyond all limits is no record'
head -1 before > big; head -1 app/c.ndjson | cmp -s - big; ok $? '... and kept byte for byte'
"$drive" read app c > got
is "$(cut -f1 got | tr '\n' ' ')" 'bad after end ' '... and said to be bad'
done_testing
