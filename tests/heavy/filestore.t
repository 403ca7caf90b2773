#!/bin/sh
# SPDX-License-Identifier: MIT
# The embedded store with 10,000,000 records: a writer in 160 MB, a reader in 4.
. "${0%/*}/../lib.sh"
drive=$TREE/.build/release/helper/filestore_drive
mkdir app

printf 'make\t1\t10000000\t100\n' | (ulimit -d 163840; "$drive" write app c > out)
is $? 0 '10,000,000 creates in 160 MB'
is "$(grep -c ^DONE out)" 10000000 '... all done'
printf 'update\tcrm:Account:09999999\t-\t{"n":1}\t-\nupdate\tcrm:Account:0\t-\t{"n":1}\t-\n' |
	(ulimit -d 163840; "$drive" write app c > out)
is "$(cut -f1,2 out)" "DONE	crm:Account:09999999
GONE	crm:Account:0" 'one is found among them'
is "$(ulimit -d 4096; "$drive" count app c)" 10000000 'read in 4 MB'
done_testing
