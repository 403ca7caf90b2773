#!/bin/sh
# SPDX-License-Identifier: MIT
# Killed at every durable step of a login, a rekey, a renewal: run again, all
# is as if nothing had been.
. "${0%/*}/lib.sh"

PATH=$TREE/.build/fault/bin:$PATH

# killed NAME COMMAND STEPS HOLDS: kills it at its first step, then the second,
# ... until it ends by itself, after more than so many; the function HOLDS says
# each time, from the same start, that all is well.
killed() {
	rm -rf start && cp -r .crm start
	at=1
	while :; do
		rm -rf .crm && cp -r start .crm
		(ulimit -c 0; CRM_DIE_AT=$at sh -c "$2") > out 2> err < in
		rc=$?
		[ $rc -eq 137 ] || break
		$4 || { ok 1 "$1: killed at step $at"; note "$(cat err)"; }
		at=$((at + 1))
		[ $at -lt 60 ] || break
	done
	is $rc 0 "$1: ends by itself" || note "$(cat err)"
	[ $at -gt "$3" ]
	ok $? "$1: killed at $((at - 1)) steps"
	$4
	ok $? "$1: and all is well"
}

# What was kept is there and good.
kept() {
	crm-auth list > listed 2> err && grep -q '"system":"hubspot"' listed &&
		crm-auth test hubspot > /dev/null 2> err
}

printf '%s\n' "$SANDBOX_TOKEN" > in
crm-auth login -q hubspot --token < in
killed 'rekey' 'exec crm-auth rekey' 6 kept
key=$(cat .crm/key)
crm-auth rekey -q
[ "$key" != "$(cat .crm/key)" ]
ok $? 'a rekey after that makes another key'
kept
ok $? 'which fits'

# ---- a first login: there, or not there ----
rm -f .crm/key .crm/credentials
there_or_not() {
	crm-auth list > listed 2> err || return 1
	[ ! -s listed ] || crm-auth test hubspot > /dev/null 2> err || return 1
	crm-auth login -q hubspot --token < in 2> err &&
		crm-auth test hubspot > /dev/null 2> err
}
killed 'first login' 'exec crm-auth login hubspot --token' 5 there_or_not

# ---- a renewal: the refresh token stays the same here ----
login
cp -r .crm before
export CRM_NOW=2026-11-20T13:00:00Z
renewed() {
	crm-auth test hubspot > /dev/null 2> err
}
killed 'renewal' 'exec crm-auth test hubspot' 2 renewed

# ---- and another one, each time: what was received and not kept is lost ----
sandbox PUT faults consent=auto,rotate > /dev/null
lost=0 kept=0
at=1
while :; do
	CRM_NOW=2026-11-20T12:00:00Z login
	(ulimit -c 0; CRM_DIE_AT=$at exec crm-auth test hubspot) > out 2> err
	[ $? -eq 137 ] || break
	crm-auth test hubspot > out 2> err
	case $? in
	0) kept=$((kept + 1)) ;;
	4) lost=$((lost + 1)); has err 'log in again' "step $at: somebody is told" ;;
	*) ok 1 "step $at: $(cat err)" ;;
	esac
	at=$((at + 1))
	[ $at -lt 60 ] || break
done
[ $kept -ge 1 ] && [ $lost -ge 1 ]
ok $? "killed before it was kept: $lost log in again; after: $kept go on"
done_testing
