#!/bin/sh
# SPDX-License-Identifier: MIT
# Stopped by a signal, crm-extract passes on whole lines and no end, exit 3;
# and so it does when the disk is full or the reader goes away.
. "${0%/*}/../lib.sh"

rows() {
	echo id,name
	i=0
	while [ "$i" -lt 20000 ]; do
		i=$((i + 1))
		echo "$i,name of $i"
	done
}

for signal in TERM INT; do
	mkfifo pipe
	{ rows; exec sleep 5; } > pipe & # a file that does not end
	feeder=$!
	# not in the background of this shell, which would ignore SIGINT
	python3 -c 'import signal, subprocess, sys, time
run = subprocess.Popen(["crm-extract", "csv", "pipe", "-o", "o"],
    stdout=open("out", "wb"), stderr=open("err", "wb"))
time.sleep(1)
run.send_signal(getattr(signal, "SIG" + sys.argv[1]))
sys.exit(run.wait(timeout=20) % 256)' "$signal"
	is $? 3 "SIG$signal: exit 3"
	! grep -q '"type":"end"' out
	ok $? "SIG$signal: no end"
	is "$(tail -c 1 out | od -An -c | tr -d ' ')" '\n' "whole lines"
	has err 'stopped by signal' "says so"
	kill "$feeder" 2> kill.err
	wait "$feeder" 2> kill.err
	rm pipe
done

rows > a.csv
crm-extract csv a.csv > /dev/full 2> err
is $? 3 '/dev/full: exit 3'
has err 'No space left' 'says so'
{ crm-extract csv a.csv 2> err; echo $? > status; } | head -1 > first
is "$(cat status)" 3 'the reader goes away: exit 3'
crm-extract csv a.csv > out
is "$(tail -1 out | grep -c '"count":20000,')" 1 'else 20000 and an end'
done_testing
