#!/bin/sh
# SPDX-License-Identifier: MIT
# Every program has a man page; all pages are clean mdoc with the sections a
# reader looks for, and name exactly the options the program has.
. "${0%/*}/../lib.sh"

find "$TREE/src" -name '*.[1-8]' | sort > pages
while read -r page; do
	mandoc -T lint -W warning "$page" > remarks
	ok $? "${page##*/} is clean mdoc" || sed 's/^/# /' remarks
done < pages

# Long and short names in "crm-x -h": "  -q, --quiet  text", "  --log TEXT".
# and of its commands, if it has some: "  show ENTITY UID  text".
options_of_program() {
	{ "$1" -h; for command in $("$1" -h |
		sed -n 's/^  \([a-z][a-z]*\) .*/\1/p'); do
		"$1" "$command" -h
	done; } | sed -n 's/^  *\(-.*\)$/\1/p' | sed 's/  .*//' |
		tr ', =' '\n\n\n' | grep -E '^-' | sed 's/^-*//' | sort -u
}

# ".It Fl q , Fl -quiet" and ".It Fl -log Ar text | json"
options_of_page() {
	grep -E '^\.It (Fl|Ic -)' "$1" | tr ' ,' '\n\n' | grep -A1 '^Fl$' |
		grep -vE '^(Fl|--)$' | sed 's/^-*//' | sort -u
}

for folder in "$TREE"/src/crm-*/; do
	[ -d "$folder" ] || skip_all 'there is no program'
	name=$(basename "$folder")
	page=$folder$name.1
	[ -f "$page" ]
	ok $? "$name has a man page" || continue
	for section in NAME SYNOPSIS DESCRIPTION 'EXIT STATUS' EXAMPLES; do
		grep -qxE "\.Sh \"?$section\"?" "$page"
		ok $? "$name.1 has $section"
	done
	options_of_program "$name" > program
	options_of_page "$page" > named
	same named program "$name.1 names the options of $name -h"
done
done_testing
