#!/bin/sh
# SPDX-License-Identifier: MIT
# sync-all: the systems of systems.jq come to hold the same, whoever changed
# what.
#
# usage: sync-all.sh [-fnp] [-a PLAN] [-r RECEIPTS] [-s SYSTEM]... [ENTITY...]
#
#   -f  read everything, though a part would do
#   -n  show the plan, change nothing
#   -p  only propose it: crm-state approve releases what is to be done
#   -a  PLAN, as NUMBER:HASH, may pass the ceiling that refused it
#   -r  for receipts (receipts.ndjson)
#   -s  this system, and those of the other -s (every one that is enabled)
#   ENTITY  of what (every one that two of these systems have a mapping for)
#
# Entities are done one after the other: with -n or -p there is a plan of each.
# What could not be delivered earlier is tried again when it is due.  A system
# that fails is left out of the rest, and the others go on.  Prints conflicts,
# and a report for each side that was told something.  Exit status: that of the
# stage that fared worst (4, 2, 3, 1, then 0).
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/stages.sh"
set -f

dry='' propose='' allow='' full='' receipts=receipts.ndjson only=''
while getopts fnpa:r:s: option; do
	case $option in
	f) full=--full ;;
	n) dry=--dry-run ;;
	p) propose=--propose ;;
	a) allow=$OPTARG ;;
	r) receipts=$OPTARG ;;
	s) only="$only $OPTARG" ;;
	*)
		echo "usage: sync-all.sh [-fnp] [-a PLAN] [-r RECEIPTS]" \
			"[-s SYSTEM]... [ENTITY...]" >&2
		exit 2
		;;
	esac
done
shift $((OPTIND - 1))
must_have_home sync-all.sh

refuse() {
	echo "sync-all.sh: $*" >&2
	exit 2
}

# Lines "ENTITY SYSTEM", those others refer to first.
stage systems crm-state systems "$@" > "$ended/systems.ndjson"
sed -n 's/.*"entity":"\([^"]*\)","system":"\([^"]*\)".*/\1 \2/p' \
	"$ended/systems.ndjson" > "$ended/all" || exit 3
verdict systems || exit

# Of what was named, nothing is left out without a word.
for system in $only; do
	cut -d ' ' -f 2 "$ended/all" | grep -Fqx -e "$system" || refuse "$system: is it in" \
		"systems.jq, enabled, and has it a mapping?"
	for entity in "$@"; do
		grep -Fqx "$entity $system" "$ended/all" ||
			refuse "no mapping $entity.$system"
	done
done
awk -v only="$only " -v named=$# '
	only == " " || index(only, " " $2 " ") {
		side[++sides] = $0
		held[$1]++
	}
	END {
		for (i = 1; i <= sides; i++) {
			split(side[i], part)
			if (named || held[part[1]] > 1)
				print side[i]
		}
	}' "$ended/all" > "$ended/sides" || exit 3
[ -s "$ended/sides" ] ||
	refuse "no two systems share an entity: see crm-state systems"
entities=$(cut -d ' ' -f 1 "$ended/sides" | uniq)
systems=$(cut -d ' ' -f 2 "$ended/sides" | sort -u)

# Whom of this entity.
whom() {
	awk -v entity="$1" '$1 == entity { print $2 }' "$ended/sides"
}

# What each side shows of it, as changes since last time.
changes() {
	for system in $(whom "$1"); do
		# shellcheck disable=SC2086 # none, or one option
		stage "extract-$1-$system" crm-extract "$system" \
			-m "$1.$system" $full < /dev/null |
			stage "map-$1-$system" crm-map "$1.$system" |
			stage "diff-$1-$system" crm-diff
	done
}

# leave_out SYSTEM: of what comes yet; what is decided for it stays pending.
leave_out() {
	awk -v which="$1" '$2 != which' "$ended/sides" > "$ended/rest"
	mv "$ended/rest" "$ended/sides"
	left_out="$left_out $1"
	[ "$(cut -d ' ' -f 2 "$ended/sides" | sort -u | wc -l)" -lt 2 ] ||
		echo "sync-all.sh: $1 is left out of the rest of this run;" \
			"the others go on" >&2
}

# unread ENTITY: those that could not be read to their end.
unread() {
	for system in $(whom "$1"); do
		verdict "extract-$1-$system" "map-$1-$system" "diff-$1-$system"
		[ $? -le 1 ] || echo "$system"
	done
}

# Those that are kept the same in it, and are not left out.
several() {
	[ "$(whom "$1" | wc -l)" -gt 1 ]
}

# entity ENTITY: decided and told, without those that cannot be read; what is
# only looked at is printed.  Where one broke off all failed: it goes on without
# that one, the first, as those after it may only have lost their reader.
# shellcheck disable=SC2086 # none, or one option
entity() {
	changes "$1" | stage "resolve-$1" crm-resolve $dry $propose \
		${allow:+--allow "$allow"} "$1" > "$ended/plan"
	verdict "resolve-$1"
	decided=$? broken=$(unread "$1")
	if [ "$decided" -eq 3 ] && [ -n "$broken" ]; then
		leave_out "${broken%%
*}"
		! several "$1" || {
			entity "$1"
			return
		}
	elif [ "$decided" -le 1 ]; then
		for system in $broken; do
			leave_out "$system"
		done
	fi
	if [ -n "$dry$propose" ]; then
		cat "$ended/plan"
		return
	fi
	grep '^{"type":"conflict"' "$ended/plan"
	[ "$decided" -le 1 ] || return
	for system in $(whom "$1"); do
		rm -f "$ended/report"
		stage "load-$1-$system" crm-load "$system" --report \
			"$ended/report" < "$ended/plan" >> "$receipts"
		[ ! -f "$ended/report" ] ||
			cat "$ended/report" >> "$ended/report-$system"
		verdict "load-$1-$system"
		[ $? -le 1 ] || leave_out "$system"
	done
}

# The reports on one system's entities, as one.
report() {
	awk 'match($0, /^[^ ]*: /) {
		name = substr($0, 1, RLENGTH)
		count = split(substr($0, RLENGTH + 1), part, ", ")
		for (i = 1; i <= count; i++) {
			word = part[i]
			sub(/^[0-9]+ /, "", word)
			if (!(word in sum))
				words[++kinds] = word
			sum[word] += part[i]
		}
		next
	}
	{ why[++whys] = $0 }
	END {
		for (i = 1; i <= kinds; i++)
			line = line (i > 1 ? ", " : "") sum[words[i]] " " words[i]
		print name line
		for (i = 1; i <= whys; i++)
			print why[i]
	}' "$1"
}

# One after the other, those others refer to first: so references are known
# when what refers is decided, and when it is told.  For the same reason a
# system that fails is left out of what comes after; where nothing can be
# decided, all of that is left to the next run.
stages='' left_out=''
[ -n "$dry$propose" ] || : > "$receipts"
for entity in $entities; do
	[ -z "$left_out" ] || several "$entity" || continue
	stages="$stages resolve-$entity"
	for system in $(whom "$entity"); do
		stages="$stages extract-$entity-$system map-$entity-$system"
		stages="$stages diff-$entity-$system"
		[ -n "$dry$propose" ] || stages="$stages load-$entity-$system"
	done
	entity "$entity"
	verdict "resolve-$entity"
	[ $? -le 1 ] || break
done
for system in $systems; do
	[ -z "$dry$propose" ] || break
	stages="$stages pending-$system"
	! grep -q "\"system\":\"$system\"" "$receipts" ||
		report "$ended/report-$system"
	stage "pending-$system" crm-load "$system" --pending >> "$receipts"
done
# shellcheck disable=SC2086 # a list of names
verdict $stages
