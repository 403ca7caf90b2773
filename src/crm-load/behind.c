/* SPDX-License-Identifier: MIT */
/* behind: whether the account behind our system's name is the one we know. */
#include "load.h"

#include "../lib/account.h"

/* RC_END: it cannot be told. */
static enum rc
find(const struct load *l, struct account *a, struct err *e)
{
	if (!l->adapter->account)
		return RC_END;
	return l->adapter->account(l->system, false, a, e);
}

enum rc
behind_check(struct load *l, struct err *e)
{
	struct txn t = { .mdb = NULL };
	struct account a = { .written = 0 };
	enum rc rc = find(l, &a, e);

	if ((rc && rc != RC_END) || !l->adapter->account)
		return rc == RC_END ? RC_OK : rc;
	rc = txn_begin(&t, l->state, false, e);
	if (!rc)
		rc = account_check(&t, l->system->name, &a, e);
	txn_abort(&t);
	return rc;
}

enum rc
behind_remember(struct load *l, struct err *e)
{
	struct txn t = { .mdb = NULL };
	struct account a = { .written = 0 };
	enum rc rc = l->dry_run ? RC_END : find(l, &a, e);

	if (rc)
		return rc == RC_END ? RC_OK : rc;
	rc = txn_begin(&t, l->state, true, e);
	if (!rc)
		rc = account_put(&t, l->system->name, &a, e);
	if (!rc)
		rc = txn_commit(&t, e);
	txn_abort(&t);
	return rc;
}
