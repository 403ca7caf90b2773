/* SPDX-License-Identifier: MIT */
/*
 * twice: a listing shows a record twice and differently, and nothing tells
 * which copy is the later: none is taken, and the record stays as it was.
 */
#include "resolve.h"

static bool
same_record(const struct observation *a, const struct observation *b)
{
	return a->system == b->system && span_eq(a->object, b->object) &&
	    span_eq(a->id, b->id);
}

/* Does a copy's place or time tell whether it counts? */
static bool
tells(const struct observation *o)
{
	return !o->unordered || observed_gone(o);
}

static bool
contradict(const struct observation *a, const struct observation *b)
{
	if (tells(a) || tells(b) || hash128_eq(a->hash, b->hash) ||
	    (a->op == OBSERVED_TOUCH && b->op == OBSERVED_TOUCH))
		return false;
	return !a->modified || !b->modified || a->modified == b->modified;
}

/*
 * Shown before, but not here: that copy was as the record is known, or could
 * not be read.
 */
static bool
contradicts_known(const struct group *g, const struct observation *o)
{
	if (!o->again || tells(o) || o->op == OBSERVED_TOUCH)
		return false;
	for (size_t i = 0; i < g->count; i++)
		if (!g->obs[i].again && same_record(&g->obs[i], o))
			return false;
	return true;
}

static bool
is_contradicted(const struct group *g, const struct observation *o)
{
	for (size_t i = 0; i < g->count; i++)
		if (same_record(&g->obs[i], o) &&
		    (contradict(&g->obs[i], o) ||
		    contradicts_known(g, &g->obs[i])))
			return true;
	return false;
}

static enum rc
leave_out(struct resolve *r, struct group *g, const struct observation *o)
{
	struct span text = g->text[o->entry];
	struct err why;

	text.ptr += sizeof(struct observe_head);
	text.len -= sizeof(struct observe_head);
	g->unreadable |= (uint64_t)1 << o->system;
	err_set(&why, RC_RECORD, "is there more than once, and not the same: "
	    "none of it is taken");
	return group_reject(r, g, o, text, &why);
}

enum rc
twice_leave_out(struct resolve *r, struct group *g)
{
	size_t kept = 0, n = g->count;
	bool *bad;
	enum rc rc = RC_OK;

	if (n == 1 && !g->obs[0].again)
		return RC_OK;
	bad = arena_zero(&g->arena, n);
	for (size_t i = 0; i < n; i++)
		bad[i] = is_contradicted(g, &g->obs[i]);
	for (size_t i = 0; i < n && !rc; i++)
		if (bad[i])
			rc = leave_out(r, g, &g->obs[i]);
		else
			g->obs[kept++] = g->obs[i];
	g->count = kept;
	return rc;
}
