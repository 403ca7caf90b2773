/* SPDX-License-Identifier: MIT */
/* recall: what a system that was read for the first time lacks, and asked. */
#include "intake.h"

#include "../lib/recall.h"

/* Does this system show the record of ours? */
static enum rc
is_there(struct intake *n, struct span uid, struct span name, bool *there,
    struct err *e)
{
	struct arena *a = &n->in.arena;
	uint32_t system = 0;
	bool known = name_find(n->r->state, name, &system);
	struct record r;
	struct side *s;
	enum rc rc = record_load(&n->txn, n->policy->entity->name, uid,
	    &system, known, a, &r, e);

	if (rc)
		return rc;
	s = known ? record_side(&r, system) : NULL;
	*there = r.life != LIFE_LIVE || (s && s->life == LIFE_LIVE);
	return RC_OK;
}

/* Spools all our records but those that are `there`. */
static enum rc
each_record(struct intake *n, enum rc (*there)(struct intake *,
    struct span uid, struct span system, bool *, struct err *),
    struct span system, struct err *e)
{
	struct span entity = n->policy->entity->name;
	struct walk w;
	bool skip = false;
	enum rc rc;
	KEY_BUF(prefix);

	KEY(&prefix, entity, SPAN(""));
	rc = walk_open(&w, &n->txn, TABLE_AGREED, buf_view(&prefix), e);
	if (!rc)
		rc = walk_next(&w, e);
	for (; rc == RC_OK; rc = walk_next(&w, e)) {
		struct span uid = span_of(w.key.ptr + prefix.len,
		    w.key.len - prefix.len);

		arena_reset(&n->in.arena);
		if (there)
			rc = there(n, uid, system, &skip, e);
		if (!rc && !skip)
			rc = intake_spool(n, SPOOLED_LINKED, uid, SPAN(""), e);
		if (rc)
			break;
	}
	walk_close(&w);
	return rc == RC_END ? RC_OK : rc;
}

enum rc
recall_lacking(struct intake *n, struct span system, struct err *e)
{
	return each_record(n, is_there, system, e);
}

enum rc
recall_all(struct intake *n, struct err *e)
{
	return each_record(n, NULL, SPAN(""), e);
}

static enum rc
recall_one(void *arg, struct span uid, struct err *e)
{
	return intake_spool(arg, SPOOLED_LINKED, uid, SPAN(""), e);
}

enum rc
recall_asked(struct intake *n, struct err *e)
{
	enum rc rc = RC_OK;

	for (uint32_t i = 0; i < n->r->policy_count && !rc; i++) {
		n->policy = n->r->policy[i];
		n->head = (struct observe_head){ .entity = i };
		rc = recall_each(&n->txn, n->policy->entity->name,
		    recall_one, n, e);
	}
	return rc;
}
