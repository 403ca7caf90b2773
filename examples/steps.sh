# SPDX-License-Identifier: MIT
# steps.sh: what the demos share.  Each command is shown, then run; all that
# shellcheck shell=sh disable=SC2154 # here is the demo's own folder
# follows it is what it printed.
set -eu
tree=$(cd "$here/../.." && pwd)
PATH=${CRM_BIN:-$tree/bin}:$tree/pipelines:$tree/examples:$PATH
CRM_MAPPINGS=$tree/mappings
export PATH CRM_MAPPINGS
unset CRM_HOME CRM_NOW CRM_RUN

# begin NAME: in a folder of its own, made anew, in DEMO_DIR (.build/demo); two
# runs at once want two of them.
begin() {
	place=${DEMO_DIR:-$tree/.build/demo}/$1
	rm -rf "$place"
	mkdir -p "$place"
	cd "$place"
}

say() {
	printf '\n# %s\n' "$@"
}

# show STATUS COMMAND: prints it, runs it, and holds it to its exit status.
show() {
	want=$1
	shift
	printf '$ %s\n' "$*"
	got=0
	sh -c "$*" 2>&1 || got=$?
	[ "$got" -eq "$want" ] || {
		echo "demo: exit status $got, not $want" >&2
		exit 3
	}
}
