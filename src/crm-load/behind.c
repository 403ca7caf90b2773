/* SPDX-License-Identifier: MIT */
/* behind: whether the account behind our system's name is the one we know. */
#include "load.h"

#include "../lib/account.h"
#include "../lib/restored.h"

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

/* What was created or deleted since a dump is not known to its state. */
enum rc
behind_restored(struct load *l, struct txn *t, struct err *e)
{
	char room[2 * LIMIT_NAME + 2];
	struct buf what = { .ptr = room, .room = sizeof room,
		.cap = sizeof room };
	enum rc rc = restored_waits(t, &l->systems, &what, e);
	struct err why;

	l->waits = NULL;
	if (rc)
		return rc == RC_END ? RC_OK : rc;
	err_set(&why, RC_RECORD, "the state was restored: until %.*s is read "
	    "completely, nothing is created or deleted",
	    (int)what.len, what.ptr);
	l->waits = arena_cstr(&l->arena, span_str(why.text));
	return RC_OK;
}
