# sync.sh: both stores, both ways
{ crm-extract a customer -m customer.a | crm-map customer.a | crm-diff
  crm-extract b customer -m customer.b | crm-map customer.b | crm-diff
} | crm-resolve -q customer > plan || echo "resolve: exit $?"
crm-load a < plan > receipts
crm-load b < plan >> receipts
