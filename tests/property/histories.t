#!/bin/sh
# SPDX-License-Identifier: MIT
# Random histories: two thousand in one process, and the faults they must find;
# then fifty through the shell, and those that found something.  More of them:
# make property N=1000000 SEED=1
cd "${0%/*}/../.." || exit 2
all=.build/${CRM_VARIANT:-release}/property/histories
n=2000 shell=50
# What failed later than among the first, and was mended.
found='674679 678151 679067 689340 697239 699191 706092 717934 719694
    803457 808698 810166 841071 825 40030 701322 725702
    865809 905492 950521 963421 972023 973265 984115
    1018048 1019337 1220185 1224558 1300846 913910
    1413556 1418946 1503844 1513573 1521625 1528528 1529960
    1700960 1704077 1718740 1800645 1808371 1810504 1812927 1817372
    1831227 1901764 1902047 1903821 1912506 2002258 2106119 2119240
    2126648 2135073 2334987 2407051 2417169 2508700 2514643 2518991
    2527013 2604856 2808965'
# From the first seed on, or from a later one that is nearer to what finds it.
mutants='overwrite forget zombie absence unsent tie echo dangle:600 eager
    append merge jq command:150 cut follow:50 blind'
# With the operand `all` each from the first, and one that is found late.
[ "${1-}" = all ] && n=6000 &&
    mutants="$(echo "$mutants" | sed 's/:[0-9]*//g') carried"
[ "${CRM_VARIANT:-release}" = release ] || n=100 shell=2 mutants=
at=0

# tell NAME STATUS OUTPUT: one check, with what was said about it.
tell() {
	at=$((at + 1))
	[ "$2" = 0 ] || printf 'not '
	echo "ok $at - $1"
	echo "$3" | sed -n 's/^#/&/p'
}

# It is built for these two; there it has to be.
case ${CRM_VARIANT:-release} in
release | asan)
	said=$("$all" -n $n -s 1)
	tell "$n histories in one process hold" $? "$said"
	said=$(for seed in $found; do
		"$all" -n 1 -s "$seed" || exit
	done)
	tell "and so do those that once did not" $? "$said"
	said=$("$all" -u -n $((n / 2)) -s 1)
	tell "$((n / 2)) with mappings that name no uid hold" $? "$said" ;;
esac
for mutant in $mutants; do
	seed=${mutant#*:}
	[ "$seed" != "$mutant" ] || seed=1
	mutant=${mutant%:*}
	said=$("$all" -n 2000 -s "$seed" -m "$mutant")
	tell "an engine with the fault '$mutant' is found" $? "$said"
done
if [ "${1-}" != all ]; then
	said=$(tests/property/histories -n $shell -s 1 --found)
	status=$?
	echo "$said" | sed -n 's/^#/&/p'
	tell "$shell through the shell hold" $status ""
fi
echo "1..$at"
