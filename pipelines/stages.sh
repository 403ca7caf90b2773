# SPDX-License-Identifier: MIT
# stages.sh: what the pipelines share.  A pipe alone would tell only how the
# last stage ended, so each writes its own end down.
set -u
export LC_ALL=C

ended=$(mktemp -d) || exit 3
trap 'rm -rf "$ended"' EXIT
trap 'exit 3' HUP INT TERM

# must_have_home NAME: says what to do where there is none.
must_have_home() {
	[ -d "${CRM_HOME:-.crm}" ] && return
	echo "$1: ${CRM_HOME:-.crm}: no home of a sync here; run" \
		"crm-state init, or set CRM_HOME" >&2
	exit 2
}

# stage NAME COMMAND...: runs it and writes down how it ended.
stage() {
	name=$1
	shift
	"$@"
	echo $? > "$ended/$name"
}

# verdict STAGE...: status of the whole: the worst by meaning, not by number
# (4, 2, 3, 1, then 0).  A stage without one was killed, and one that a signal
# ended has done nothing wrong that a second run would not mend.  126 and 127
# are the shell's: there is no such program.
verdict() {
	worst=0
	for name in "$@"; do
		status=3
		[ -s "$ended/$name" ] && read -r status < "$ended/$name"
		case $status in
		126 | 127) status=2 ;;
		[0-4]) ;;
		*) status=3 ;;
		esac
		case $worst$status in
		[0-4]4 | [0-3]2 | [013]3 | 01) worst=$status ;;
		esac
	done
	return "$worst"
}
