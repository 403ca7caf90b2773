# SPDX-License-Identifier: MIT
# lib.sh: what a test in sh needs to speak TAP.  A test is a file NAME.t:
#
#   . "${0%/*}/../lib.sh"
#   crm-map -h > out; is $? 0 "crm-map -h exits 0"
#   done_testing
#
# It stands in a fresh folder that is removed at the end; $TREE is the project.

TREE=$(cd "$(dirname "$0")" && while [ ! -f Makefile ]; do cd ..; done; pwd)
case $0 in /*) SELF=$0 ;; *) SELF=$PWD/$0 ;; esac
WORK=$(mktemp -d) || exit 3
trap 'cd / && rm -rf "$WORK"' EXIT
cd "$WORK" || exit 3

: "${CRM_BIN:=$TREE/bin}" "${CRM_NOW:=2026-11-20T12:00:00Z}"
: "${CRM_RUN:=test-run}" "${CRM_MAPPINGS:=$TREE/mappings}"
PATH=$CRM_BIN:$PATH
export CRM_BIN CRM_NOW CRM_RUN CRM_MAPPINGS PATH TREE SELF

tap_count=0 tap_failed=0

# ok STATUS NAME: one check; holds when STATUS is 0.
ok() {
	tap_count=$((tap_count + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $tap_count - $2"
	else
		tap_failed=$((tap_failed + 1))
		echo "not ok $tap_count - $2"
		return 1
	fi
}

# is GOT WANT NAME: two texts are equal.
is() {
	[ "$1" = "$2" ]
	ok $? "$3" || note "got:  $1" "want: $2"
}

# same FILE FILE NAME: two files have the same bytes (got, want).
same() {
	cmp -s "$1" "$2"
	ok $? "$3" || diff "$2" "$1" | head -20 | sed 's/^/# /'
}

# has FILE TEXT NAME: a file holds this text in one of its lines.
has() {
	grep -qF -- "$2" "$1"
	ok $? "$3" || { note "looked for: $2 in:"; head -20 "$1" | sed 's/^/# /'; }
}

# runs STATUS NAME COMMAND...: it ends so; what it says goes to out and err.
runs() {
	want=$1 name=$2
	shift 2
	"$@" > out 2> err
	is $? "$want" "$name: exits $want" || note "$(head -5 err out)"
}

# note LINE...: comments for the reader of a failure.
note() {
	printf '# %s\n' "$@"
}

# skip_all WHY: nothing here can be checked.
skip_all() {
	echo "1..0 # skip $1"
	exit 0
}

done_testing() {
	echo "1..$tap_count"
	[ "$tap_failed" -eq 0 ]
	exit
}
