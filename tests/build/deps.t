#!/bin/sh
# SPDX-License-Identifier: MIT
# .ci/deps: one apt line for what is missing, nothing when nothing is.
. "${0%/*}/../lib.sh"

# A machine of our own: everything it has are the links in here.
machine() {
	rm -rf machine log
	mkdir machine
	for name in sh env printf sort tr cc gcc as id cat prove mandoc \
		python3 parallel zsh openssl; do
		ln -s "$(PATH=/usr/bin:/bin command -v $name)" machine/$name
	done
	fake apt-get
}

# fake NAME [STATUS]: a program that writes down how it was called.
fake() {
	printf '#!/bin/sh\necho "%s $*" >> "%s/log"\nexit %d\n' \
		"$1" "$WORK" "${2:-0}" > "machine/$1"
	chmod +x "machine/$1"
}

uid() {
	rm -f machine/id
	printf '#!/bin/sh\necho %d\n' "$1" > machine/id
	chmod +x machine/id
}

deps() {
	env -i PATH="$WORK/machine" "$TREE/.ci/deps" "$@" > out 2> err
}

machine
deps test
is $? 0 'nothing is missing: exit 0'
[ ! -e log ] && [ ! -s out ] && [ ! -s err ]
ok $? 'nothing is missing: nothing is called or said'

# A compiler that finds no libcsv.
cat > machine/cc-without <<'END'
#!/bin/sh
text=$(cat)
case $text in *csv.h*) exit 1 ;; esac
END
chmod +x machine/cc-without

uid 0
rm machine/mandoc
env -i PATH="$WORK/machine" CC=cc-without "$TREE/.ci/deps" test > out 2> err
is $? 0 'as root: exit 0'
is "$(cat log)" "apt-get update
apt-get install -y --no-install-recommends libcsv-dev mandoc" \
	'as root: exactly what is missing is installed'

rm -f log
fake sudo
uid 1000
env -i PATH="$WORK/machine" CC=cc-without "$TREE/.ci/deps" test > out 2> err
is $? 0 'with sudo: exit 0'
has log 'sudo DEBIAN_FRONTEND=noninteractive sh -c' 'sudo is called'
is "$(grep -c . log)" 1 'once'

rm -f log machine/sudo
env -i PATH="$WORK/machine" CC=cc-without "$TREE/.ci/deps" test > out 2> err
is $? 2 'without root and sudo: exit 2'
[ ! -e log ]
ok $? 'nothing is called'
has err 'apt-get update && apt-get install -y --no-install-recommends libcsv-dev mandoc' \
	'the line to run is printed'

rm -f log
uid 0
fake apt-get 100
env -i PATH="$WORK/machine" CC=cc-without "$TREE/.ci/deps" test > out 2> err
is $? 2 'apt-get fails: exit 2'

deps nonsense
is $? 2 'an unknown set: exit 2'
done_testing
