#!/bin/sh
# SPDX-License-Identifier: MIT
# The worked examples run as they say, command by command: each holds its own
# commands to their exit status.
. "${0%/*}/../lib.sh"
for demo in "$TREE"/examples/*/demo; do
	name=${demo%/demo}
	"$demo" > shown 2> err
	is $? 0 "${name##*/} runs" || note "$(tail -5 shown err)"
	case ${name##*/} in
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
