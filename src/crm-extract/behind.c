/* SPDX-License-Identifier: MIT */
#include "behind.h"

static enum rc
find_known(struct txn *t, const struct extraction *s, struct account *a,
    struct err *e)
{
	struct span system = s->request.system->name;
	struct account was;
	enum rc rc = account_get(t, system, &was, e);
	bool known = rc == RC_OK;

	if (rc && rc != RC_END)
		return rc;
	rc = s->adapter->account(s->request.system, !known, a, e);
	if (rc == RC_END)
		*a = (struct account){ .written = 0 };
	if (rc && rc != RC_END)
		return rc;
	return account_check(t, system, a, e);
}

enum rc
behind_find(const struct extraction *s, struct account *a, struct err *e)
{
	struct state *state = NULL;
	struct txn t = { .mdb = NULL };
	enum rc rc;

	*a = (struct account){ .written = 0 };
	if (!s->adapter->account || !home_exists())
		return RC_OK;
	rc = state_open(&state, true, e);
	if (!rc)
		rc = txn_begin(&t, state, false, e);
	if (!rc)
		rc = find_known(&t, s, a, e);
	txn_abort(&t);
	state_close(state);
	return rc;
}
