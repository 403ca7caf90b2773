export CRM_MAPPINGS=$PWD/m
{ crm-extract csv a.csv -m customer.salesforce |
	crm-map customer.salesforce | crm-diff
  crm-extract app customer -m customer.app | crm-map customer.app | crm-diff
} | crm-resolve "$@" customer
