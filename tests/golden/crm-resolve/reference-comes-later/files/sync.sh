# sync.sh FILE ENTITY: one import into the store; shows what each was told
export CRM_MAPPINGS=$PWD/m
{ crm-extract csv "$1" -m "$2.salesforce" |
	crm-map "$2.salesforce" | crm-diff
  crm-extract app "$2" -m "$2.app" | crm-map "$2.app" | crm-diff
} | crm-resolve "$2" | tee plan | crm-load app > receipts
grep '"operation"' plan | sed 's/.*"uid":"\([^"]*\)".*"op":"\([a-z]*\)".*"fields":\(.*\)}$/\1 \2 \3/'
