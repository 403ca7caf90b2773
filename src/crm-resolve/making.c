/* SPDX-License-Identifier: MIT */
#include "making.h"

#include "../lib/outbox.h"
#include "../lib/todo.h"

/* Does a loader make records of the entity there just now? */
static enum rc
is_making(struct intake *n, bool *making, struct err *e)
{
	struct walk w;
	enum rc rc;
	KEY_BUF(prefix);

	*making = false;
	rc = outbox_walk(&w, &n->txn, n->in.section.system,
	    n->in.section.entity, &prefix, e);
	while (!rc && !*making) {
		struct outbox o = { .version = 0 };

		rc = walk_next(&w, e);
		if (!rc)
			rc = outbox_decode(w.value, &o, e);
		*making = !rc && o.intent;
	}
	walk_close(&w);
	return rc == RC_END ? RC_OK : rc;
}

enum rc
making_ended(struct txn *t, const struct source *s, bool *ours, struct err *e)
{
	struct arena a;
	struct link link = { .live = false };
	enum rc rc;

	arena_init(&a);
	rc = link_get(t, s, &link, &a, e);
	*ours = !rc && link.live;
	arena_free(&a);
	return rc == RC_END ? RC_OK : rc;
}

enum rc
making_pass(struct intake *n, struct err *e)
{
	const struct section *s = &n->in.section;
	struct source src = { s->entity, s->system, s->object, n->line.id };
	bool ours;
	enum rc rc = making_ended(&n->txn, &src, &ours, e);

	/* what is shown was claimed before: asked once is enough */
	if (!rc && !ours && !n->making_known) {
		rc = is_making(n, &n->making, e);
		n->making_known = !rc;
	}
	if (rc || (!ours && !n->making))
		return rc;
	resolve_todo(n->r, &src, TODO_MADE);
	return n->r->todo.over ? err_set(e, RC_SYSTEM, "too many archived "
	    "records while others are being made there: nothing is "
	    "committed; run it again once crm-load is done") : RC_OK;
}
