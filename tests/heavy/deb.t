#!/bin/sh
# SPDX-License-Identifier: MIT
# make deb: a source package that builds and that lintian accepts; what it
# installs runs.
. "${0%/*}/../lib.sh"
git clone -q "$TREE" tree || skip_all 'this is no git checkout'
make -C tree deb > out 2>&1
is $? 0 'make deb' || note "$(tail -20 out)"
grep -E '^(E|W): ' out
[ $? -eq 1 ]
ok $? 'lintian has nothing to say'
dpkg-deb -x tree/dist/crm-sync_*_*.deb installed
is $? 0 'the package is there'
ls tree/dist/crm-sync_*.dsc tree/dist/crm-sync_*.tar.xz > /dev/null
ok $? 'and its source'
unset CRM_MAPPINGS
PATH=$WORK/installed/usr/bin:$WORK/installed/usr/share/crm/pipelines:/usr/bin:/bin
CRM_MAPPINGS=$WORK/installed/usr/share/crm/mappings
export CRM_MAPPINGS PATH
crm-state -q init
printf 'Id,Name\n1,Acme\n' > accounts.csv
import-csv.sh accounts.csv > out 2> err
is $? 0 'an import with what is installed' || note "$(cat err)"
has app/customer.ndjson Acme 'it did its work'
grep -h /usr/local installed/usr/share/crm/pipelines/*.service
is $? 1 'units name where it is installed'
done_testing
