#!/bin/sh
# SPDX-License-Identifier: MIT
# All worlds of the model within bounds; then without each rule in turn, which
# must be found out.  With -l further, and every way to a failure is shown.
#
# usage: model.t [-l]
model=${0%/*}/../../.build/release/model
count=0 failed=0 needed=0 last='' long=${1-}

# It does not depend on how the programs were built.
if [ "${CRM_VARIANT-release}" != release ]; then
	echo '1..0 # SKIP searched in the release build'
	exit 0
fi

# check NAME STATUS OUTPUT WANTED-STATUS
check() {
	count=$((count + 1))
	if [ "$2" -eq "$4" ]; then
		echo "ok $count - $1"
	else
		echo "not ok $count - $1"
		failed=1
	fi
	if [ $long ] || [ "$2" -ne "$4" ]; then
		echo "$3" | sed "s/^/# /"
	else
		echo "# ${3%%
*}"
	fi
}

# ROOT BOUNDS WORLDS: nothing is lost, doubled or deleted within these.
holds() {
	out=$("$model" -s "$1" -b "$2" -n "$3")
	check "from root $1, bounds $2: all holds" $? "$out" 0
}

# RULE ROOT BOUNDS: without the rule something breaks.
needed() {
	[ "$1" = "$last" ] || needed=$((needed + 1))
	last=$1
	out=$("$model" -r "$1" -s "$2" -b "$3")
	check "without $1 it breaks, from root $2" $? "$out" 1
}

for root in 0 1 2 3 4 5 6 7; do
	if [ $long ]; then
		holds $root 1,0,0,0 3000000
		holds $root 2,0,0,0 1000000
		holds $root 1,1,0,0 1000000
	else
		holds $root 1,1,0,0 120000
		holds $root 2,0,0,0 120000
		holds $root 1,0,1,1 80000
	fi
done
# Where a loader is killed and people go on editing.
for root in 6 7; do
	holds $root 2,1,0,0 "$([ $long ] && echo 3000000 || echo 400000)"
	holds $root 1,1,1,1 "$([ $long ] && echo 3000000 || echo 400000)"
done
# Where the state is restored, where a person releases what is sent, where B has
# a form of its own or cuts what it is sent, where it came since it was read.
for root in 8 10 11 12 13 14 16 17 18 20 21 22; do
	if [ $long ]; then
		holds $root 1,1,0,0 400000
		holds $root 2,0,0,0 300000
	else
		holds $root 1,1,0,0 100000
	fi
done
# Two records of which one is merged into the other: to the end.
for root in 24 25; do
	holds $root 4,1,0,0 1000000
done
while read -r rule root bounds; do
	needed "$rule" "$root" "$bounds"
done <<-RULES
	END 0 0,1,0,0
	BASE 0 1,0,0,0
	CONCURRENT 6 1,0,0,0
	RECHECK 6 1,0,0,0
	AT_SENDING 6 1,0,0,0
	CLAIM 6 1,0,0,0
	KEEP_CLAIMED 6 1,0,0,0
	DEAD_CLAIM 6 0,1,0,0
	ACK_FIELDS 6 1,0,0,0
	ACK_LATER 6 1,0,0,1
	COMPARE 6 1,0,0,0
	INTENT 2 1,1,0,0
	OWN_UID 2 0,1,0,0
	READ_FIRST 4 0,0,0,0
	OLD_COPY 6 0,0,1,0
	ABSENT_OLDER 2 0,0,0,0
	BY_ID 2 0,0,1,0
	DELETE_ONCE 6 1,0,0,0
	EDIT_BEATS 6 1,0,0,0
	CURSOR 1 1,0,1,0
	TODO 7 1,0,0,0
	FIRST_SIGHT 3 1,0,0,0
	DIED 1 2,0,0,0
	WAIT 6 1,0,0,0
	FLIGHT 6 1,1,0,0
	STRICT 6 1,1,0,0
	UNMOVED 6 1,0,1,1
	DOUBT 6 1,1,0,0
	REVIVE 2 1,1,0,0
	ARCHIVED 6 1,0,0,0
	OVERTAKEN 3 1,0,0,0
	HOLD 10 0,0,0,0
	HOLD 12 0,0,0,0
	RELEASED 14 1,0,0,0
	VERSION 16 1,0,0,0
	RETRACT 16 1,0,0,0
	EPOCH 16 1,0,0,0
	ECHO 18 1,0,0,0
	ECHO_ONLY 18 2,0,0,0
	CUT 20 2,0,0,0
	FIRST 4 2,0,0,0
	TOMBSTONE 0 2,0,0,0
	UNREAD 22 0,0,0,0
	IN_REVIEW 4 1,0,0,0
	MERGE 24 1,0,0,0
	MERGE_ENDS 24 1,0,0,0
	MERGE_MOVES 25 1,0,0,0
	MERGE_WAITS 24 3,0,0,0
	MERGE_WAITS 25 3,1,0,0
RULES
check "every rule was taken away" 0 "$("$model" -l | wc -l) rules" \
	$(($("$model" -l | wc -l) - needed))
echo 1..$count
exit $failed
