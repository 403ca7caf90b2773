#!/bin/sh
# SPDX-License-Identifier: MIT
# How programs end when the world fails: a full disk behind stdout, a reader
# that goes away, a signal.  Each is exit 3: safe to run again.
. "${0%/*}/../lib.sh"

for path in "$CRM_BIN"/crm-*; do
	name=${path##*/}
	for option in -h --version; do
		"$name" $option > /dev/full 2> err
		is $? 3 "$name $option > /dev/full"
	done
	is "$(wc -l < err)" 1 "$name says so in one line"
done

# A stream of some megabytes, so that it cannot fit into a pipe.
{
	echo Id,Name,Phone,SystemModstamp
	i=0
	while [ $i -lt 20000 ]; do
		i=$((i + 1))
		echo "001$i,Company $i,555 $i,2026-11-01T10:00:00.000Z"
	done
} > accounts.csv
crm-state init > /dev/null
echo '{app: {kind: "file", path: "app"}, salesforce: {}}' > .crm/systems.jq
extract='crm-extract csv accounts.csv -s salesforce -o Account
	-m customer.salesforce'
$extract > extracted
crm-map customer.salesforce < extracted > mapped
{
	crm-diff < mapped
	crm-extract app customer -m customer.app | crm-map customer.app |
		crm-diff
} > changed
cp -R .crm home-before
cp app/.crm-store store-name
crm-resolve customer < changed > plan ||
	note "crm-resolve exited $?"
cp -R .crm home-after

# reset: the home as it was before the stage.
reset() {
	rm -rf .crm app
	mkdir app
	cp store-name app/.crm-store
	case $1 in
	load) cp -R home-after .crm ;;
	*) cp -R home-before .crm ;;
	esac
}

command_of() {
	case $1 in
	extract) echo "$extract" ;;
	map) echo crm-map customer.salesforce ;;
	diff) echo crm-diff ;;
	resolve) echo crm-resolve customer ;;
	load) echo crm-load app ;;
	esac
}

input_of() {
	case $1 in
	extract) echo /dev/null ;;
	map) echo extracted ;;
	diff) echo mapped ;;
	resolve) echo changed ;;
	load) echo plan ;;
	esac
}

for stage in extract map diff resolve load; do
	command=$(command_of $stage)
	input=$(input_of $stage)

	reset $stage
	$command < "$input" > /dev/full 2> err
	is $? 3 "$stage > /dev/full"
	is "$(wc -l < err)" 1 "$stage says once that its output is full" ||
		sed 's/^/# /' err

	reset $stage
	{
		$command < "$input" 2> err
		echo $? > status
	} | head -c 100 > /dev/null
	is "$(cat status)" 3 "$stage: the reader goes away"

	# The stage has read something and waits for more when the signal comes.
	[ $stage = extract ] && continue
	for signal in TERM INT; do
		reset $stage
		rm -f pipe
		mkfifo pipe
		(trap - INT; exec $command) < pipe > out 2> err &
		child=$!
		exec 3> pipe
		head -c 100000 "$input" >&3
		sleep 0.3
		kill -$signal $child
		wait $child
		is $? 3 "$stage: SIG$signal in the middle"
		exec 3>&-
		grep -q '"type":"end"' out
		is $? 1 "$stage: no end after SIG$signal"
	done
done

# An expression that does not end hears no signal; its program does.  (How long
# it may run: tests/heavy/endless.t.)
mkdir mappings
echo '{entity: "thing", fields: {name: {type: "text"}}}' > mappings/thing.jq
echo '{entity: "thing", kind: "csv", object: "accounts", id: "Id", fields: {
    name: {from: "Name", dir: "pull", read: "until(false; .)"}}}' \
	> mappings/thing.accounts.jq
CRM_MAPPINGS=mappings
export CRM_MAPPINGS
crm-extract csv accounts.csv -m thing.accounts | crm-map thing.accounts \
	> out 2> err &
while [ "$(cut -d ' ' -f 14 "/proc/$!/stat")" -lt 10 ] # ticks it has run
do
	sleep 0.1
done
kill -TERM $!
wait $!
is $? 3 'an expression that does not end: SIGTERM'
has err 'expression read: until(false; .): stopped by a signal' 'it says which'
done_testing
