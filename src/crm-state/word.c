/* SPDX-License-Identifier: MIT */
#include "word.h"

enum rc
word_open(struct word *w, struct run *r, struct err *e)
{
	enum rc rc;

	*w = (struct word){ .run = r, .audit = audit_new() };
	arena_init(&w->arena);
	rc = policies_open(&w->policies, e);
	return rc ? rc : state_open(&w->state, false, e);
}

void
word_close(struct word *w)
{
	policies_close(&w->policies);
	audit_free(w->audit);
	arena_free(&w->arena);
	state_close(w->state);
}

enum rc
word_one(struct word *w, struct span entity, word_decide *decide, void *arg,
    struct err *e)
{
	enum rc rc = txn_begin(&w->txn, w->state, true, e);

	policies_begin(&w->policies);
	if (!rc)
		rc = policies_get(&w->policies, &w->txn, entity, &w->policy,
		    e);
	if (!rc)
		rc = audit_begin(w->audit, &w->txn, e);
	if (!rc)
		rc = decide(w, arg, e);
	if (!rc)
		rc = audit_put(w->audit, &w->txn, e);
	if (!rc)
		rc = txn_commit(&w->txn, e);
	txn_abort(&w->txn);
	arena_reset(&w->arena);
	return rc;
}
