#!/bin/sh
# SPDX-License-Identifier: MIT
# The worked examples run as they say, command by command: each holds its own
# commands to their exit status.  They run here: a person may run them meanwhile.
. "${0%/*}/../lib.sh"
export DEMO_DIR="$WORK/demo"
for demo in "$TREE"/examples/*/demo; do
	name=${demo%/demo}
	"$demo" > shown 2> err
	is $? 0 "${name##*/} runs" || tail -n 5 shown err | sed 's/^/# /'
	case ${name##*/} in
	first-import)
		has shown 'app: 423 created' 'it imports'
		has shown 'app: 0 created, 0 updated' 'it shows that nothing changes'
		has shown 'field employees: is no number' 'and why a row is rejected' ;;
	two-way)
		has shown '"rule":"latest","from":"app"' 'it says why a value won'
		has shown '"type":"conflict"' 'it has a conflict'
		has shown 'over the ceiling' 'and an accident that is stopped'
		is "$(tail -n 1 shown)" 421 'and both sides are equal at its end' ;;
	nightly)
		has shown '"field":"phone"' 'cron tells of a conflict'
		has shown 'vanished of 423' 'and of an accident'
		has shown 'crm: healthy' 'the monitor is content' ;;
	composing)
		has shown '"creates":368' 'a filter leaves some'
		has shown 'nothing is concluded' 'a cut is seen'
		has shown '"type":"pair"' 'doubles are found' ;;
	esac
done
done_testing
