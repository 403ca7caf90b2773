#!/bin/sh
# SPDX-License-Identifier: MIT
# A fresh account, the mappings as they are shipped: setup makes what they
# write, once, and then they all hold against it.
. "${0%/*}/lib.sh"
export CRM_TOKEN_HUBSPOT="$SANDBOX_TOKEN" CRM_MAPPINGS="$TREE/mappings"

crm-auth setup hubspot > out 2> err
is $? 0 'setup' || note "$(cat err)"
has out '"object":"companies","name":"health_score","holds":"number","status":"made"' 'a score'
is "$(grep -c '"name":"crm_uid".*"unique":true,"status":"made"' out)" \
	"$(grep -l '^ uid: "crm_uid"' "$TREE"/mappings/*.hubspot.jq | grep -c .)" \
	'a uid wherever one is declared'
is "$(grep -vc '"status":"made"' out)" 0 'all of it was made'
crm-auth setup hubspot > again 2> err
is $? 0 'again'
sed 's/"status":"made"/"status":"there"/' out > want
same again want 'all of it is there'
crm-map --check --live hubspot > out 2> err
is $? 0 'the mappings hold against it' || note "$(cat err)"
crm-auth test hubspot > out 2> err
is $? 0 'crm-auth test agrees' || note "$(cat err)"
done_testing
