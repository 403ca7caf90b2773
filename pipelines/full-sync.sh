#!/bin/sh
# SPDX-License-Identifier: MIT
# full-sync: what cron runs: sync-all.sh, one at a time, silent when all is
# well.
#
# usage: full-sync.sh [-dov] [-C DIR] [-w SECONDS] [-x HOURS]
#                     [OPTION of sync-all.sh]... [ENTITY...]
#
#   -C  the folder to work in, where the sync's home is
#   -d  read only what changed, as between two full ones
#   -o  while another sync runs: exit 0, say nothing
#   -v  print the report though all is well
#   -w  wait this long for another sync to end (600; with -o 0)
#   -x  a sync that takes longer is stopped (12): what it was doing is
#       finished and noted, and the next goes on from there
#
# The lock is held by the processes themselves: it ends with them, however
# they end, and what an earlier run left behind locks nothing.  Output and
# errors are printed unless the exit status is 0: that is sync-all.sh's (4 a
# person must look, 2 configured wrong, 3 run again, 1 some records set aside);
# 3 also where another sync was running, or this one was stopped.
set -uf
unset CDPATH

usage() {
	echo "usage: full-sync.sh [-dov] [-C DIR] [-w SECONDS] [-x HOURS]" \
		"[OPTION of sync-all.sh]... [ENTITY...]" >&2
	exit 2
}

full=-f quiet_overlap='' verbose='' folder=. wait='' hours=12
flags='' plan='' receipts=''
while getopts dovC:w:x:npa:r:s: option; do
	case $option in
	d) full='' ;;
	o) quiet_overlap=yes ;;
	v) verbose=yes ;;
	C) folder=$OPTARG ;;
	w) wait=$OPTARG ;;
	x) hours=$OPTARG ;;
	[np]) flags="$flags -$option" ;;
	s) flags="$flags -s $OPTARG" ;;
	a) plan=$OPTARG ;;
	r) receipts=$OPTARG ;;
	*) usage ;;
	esac
done
shift $((OPTIND - 1))
[ -n "$wait" ] || wait=$([ -n "$quiet_overlap" ] && echo 0 || echo 600)
# What is no number would look like a lock that is held.
for number in "$wait" "$hours"; do
	case $number in
	'' | . | *[!0-9.]* | *.*.*) usage ;;
	esac
done
pipelines=$(cd "$(dirname "$0")" && pwd) || exit 2
cd "$folder" || exit 2
home=${CRM_HOME:-.crm}
if [ ! -d "$home" ]; then
	echo "full-sync.sh: $PWD/$home: no home of a sync here; give -C" \
		"its folder, or set CRM_HOME" >&2
	exit 2
fi

said=$(mktemp) || exit 3
trap 'rm -f "$said"' EXIT
umask 077
exec 9>> "$home/sync.lock" || exit 3
flock -w "$wait" 9
locked=$?
if [ "$locked" -gt 1 ]; then
	echo "full-sync.sh: flock cannot lock $home/sync.lock" >&2
	exit 2
elif [ "$locked" -eq 1 ]; then
	[ -z "$quiet_overlap" ] || exit 0
	echo "full-sync.sh: another sync is running, this one did nothing:" \
		"$(cat "$home/sync.lock")" >&2
	exit 3
fi
echo "process $$, since $(date -u +%Y-%m-%dT%H:%M:%SZ)" > "$home/sync.lock"

# A signal for us is one for the sync: it finishes what it is doing.
child=''
trap '[ -z "$child" ] || kill "$child" 2> /dev/null' HUP INT TERM
# shellcheck disable=SC2086 # lists of options
timeout -k 60 "${hours}h" "$pipelines/sync-all.sh" $full $flags \
	${plan:+-a "$plan"} ${receipts:+-r "$receipts"} "$@" \
	>> "$said" 2>&1 < /dev/null &
child=$!
wait "$child"
status=$?
# Woken by the signal, not by the end.
while kill -0 "$child" 2> /dev/null; do
	wait "$child"
	status=$?
done
[ "$status" -ne 124 ] || echo "full-sync.sh: stopped after $hours hours:" \
	"see crm-state runs, or give it more with -x" >> "$said"
case $status in
125 | 126 | 127) status=2 ;; # timeout's: it could not run it
[0-4]) ;;
*) status=3 ;;
esac
if [ "$status" -ne 0 ] || [ -n "$verbose" ]; then
	cat "$said"
fi
exit "$status"
