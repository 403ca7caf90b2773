#!/bin/sh
# SPDX-License-Identifier: MIT
# Every header stands by itself: it includes what it needs.
. "${0%/*}/../lib.sh"

find "$TREE/src" -name '*.h' | sort > headers
while read -r header; do
	echo "#include \"$header\"" > alone.c
	cc -std=c11 -D_POSIX_C_SOURCE=200809L -Wall -Wextra -Werror \
		-fsyntax-only alone.c 2> errors
	ok $? "${header#"$TREE/"} compiles alone" || head -5 errors | sed 's/^/# /'
done < headers
done_testing
