#!/bin/sh
# SPDX-License-Identifier: MIT
# The house's habits that grep can check.
. "${0%/*}/../lib.sh"
cd "$TREE" || exit 3

found=$WORK/found

# none NAME: holds when $found is empty; else shows its first lines.
none() {
	[ ! -s "$found" ]
	ok $? "$1" || head -20 "$found" | sed 's/^/# /'
}

sources() { find src -name '*.[ch]' | sort; }
code() { sources; find tests -name '*.[ch]' | sort; }

# An em dash or an umlaut is one column, not three.
code | xargs perl -CSD -ne 'chomp; 1 while s/\t/" " x (8 - length($`) % 8)/e;
	print "$ARGV:$.: ", length, "\n" if length > 80;
	close ARGV if eof' > "$found"
none 'no line is over 80 columns'

code | xargs awk 'FNR == 1 && !/SPDX-License-Identifier: MIT/ {
	print FILENAME }' > "$found"
none 'the licence stands first'

code | xargs grep -nE '[[:blank:]]+$' > "$found"
none 'no blanks at the end of a line'

code | xargs grep -nE '(^|[^:"])//' | grep -v '"[^"]*//' > "$found"
none 'comments are /* */'

banned='strcpy|strcat|strncpy|strncat|sprintf|vsprintf|gets|strtok|strtok_r'
banned="$banned|atoi|atol|atof|strtod|strtof|setlocale|localtime|localtime_r"
banned="$banned|gmtime|asctime|ctime|mktime|scanf|sscanf|fscanf|system|popen"
banned="$banned|tmpnam|mktemp|alloca|rand|srand"
sources | xargs grep -nE "\\<($banned)\\(" > "$found"
none 'banned functions are not called'

sources | grep -v 'lib/xalloc' |
	xargs grep -nE '\<(malloc|calloc|realloc|strdup|strndup)\(' > "$found"
none 'memory comes from xalloc'

sources |
	xargs grep -nE '\<(is(alpha|digit|space|alnum|upper|lower|punct|print)|to(upper|lower))\(' |
	grep -v '(unsigned char)' > "$found"
none 'ctype takes an unsigned char'

sources | grep 'c$' | xargs grep -nE '\<(if|while) \([^=]*[^=!<>]=[^=][^=]*\)$' > "$found"
none 'no assignment in a condition'

sources | grep -v 'lib/run.c' |
	xargs grep -nE '\<(perror|err|errx|warn|warnx)\(|\(stderr,|, stderr\)' |
	grep -vE '^[^:]*:[0-9]*:[[:space:]]*/?\*' > "$found"
none 'only run.c prints on stderr'

sources | grep -E '/(util|common|misc|helper|manager)s?\.' > "$found"
none 'no drawer for everything'

find src -name '*.c' | while read -r file; do
	lines=$(wc -l < "$file")
	[ "$lines" -le 500 ] || echo "$file: $lines"
done > "$found"
none 'no file is over 500 lines'

done_testing
