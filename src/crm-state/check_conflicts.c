/* SPDX-License-Identifier: MIT */
/* check_conflicts: the rows of fields that wait, against their records. */
#include "check.h"

#include "../lib/waiting.h"

/* Who waits by its row does so by its record; that all do is counted. */
static enum rc
check_waiting(void *arg, const struct waiting *w, struct err *e)
{
	struct check *c = arg;
	struct record r;
	uint32_t name;
	size_t at = SIZE_MAX;
	enum rc rc;

	arena_reset(&c->arena);
	rc = record_load(&c->txn, w->entity, w->uid, NULL, 0, &c->arena, &r,
	    e);
	if (rc)
		return rc == RC_STATE ? RC_OK : rc; /* it has been said */
	if (name_find(c->state, w->field, &name))
		at = record_find(&r, name);
	if (at == SIZE_MAX || !r.fields[at].conflict)
		check_complain(c, "conflict", w->uid);
	else
		c->waiting++;
	return RC_OK;
}

enum rc
check_conflicts(struct check *c, struct err *e)
{
	enum rc rc;

	if (c->state->format < 3)
		return RC_OK; /* it has no such rows yet */
	rc = waiting_each(&c->txn, SPAN(""), check_waiting, c, e);
	if (rc == RC_STATE) {
		run_problem(c->run, NULL, rc, e);
		c->problems++;
		return RC_OK;
	}
	if (!rc && c->waiting != c->disputed)
		check_complain(c, "conflict", SPAN("a field without its row"));
	return rc;
}
