/* SPDX-License-Identifier: MIT */
#include "second.h"

#include "../lib/recall.h"
#include "../lib/redirect.h"
#include "../lib/review.h"

enum rc
second_find(struct group *g, struct txn *t, const struct observation *o,
    struct span id, struct span *from, struct err *e)
{
	const struct policy *p = g->policy;
	struct source src = { g->entity, p->systems[o->system].name,
		o->object, id };
	const struct side *s;
	struct record r;
	struct link link;
	enum rc rc = link_get(t, &src, &link, &g->arena, e);

	*from = SPAN("");
	if (rc || !link.live || span_eq(link.uid, g->uid))
		return rc == RC_END ? RC_OK : rc;
	rc = record_load(t, g->entity, link.uid, p->ids, p->id_count,
	    &g->arena, &r, e);
	s = rc ? NULL : record_side(&r, p->systems[o->system].id);
	if (s && s->life == LIFE_LIVE && span_eq(s->id, id))
		*from = link.uid;
	return rc;
}

/* Does it still stand there as it was compared? */
static bool
stands(const struct group *g, const struct record *r,
    const struct observation *o)
{
	const struct side *s = record_side(r, g->policy->systems[o->system].
	    id);

	return s && s->life == LIFE_LIVE && span_eq(s->id, o->id) &&
	    o->has_base && o->base == s->revision && !o->relinked;
}

enum rc
second_look(struct group *g, struct txn *t, struct observation *o,
    const char **why, struct err *e)
{
	const struct policy *p = g->policy;
	struct err later = { "" };
	struct record r;
	struct span from;
	enum rc rc = second_find(g, t, o, o->merged_into, &from, e);

	*why = "merged into a record that is not known";
	if (rc || !from.len)
		return rc;
	rc = record_load(t, g->entity, g->uid, p->ids, p->id_count, &g->arena,
	    &r, e);
	if (rc || !stands(g, &r, o))
		return rc;
	*why = "merged while something is delivered";
	rc = redirect_may_join(t, p, g->uid, from, &later);
	if (rc == RC_RECORD)
		return RC_OK;
	if (rc) {
		*e = later;
		return rc;
	}
	*why = NULL;
	o->second = from;
	o->left = true;
	return RC_OK;
}

/* Who was the second one there is that one no more. */
static enum rc
settle_second(struct group *g, struct txn *t, const struct observation *o,
    struct err *e)
{
	const struct policy *p = g->policy;
	struct span system = p->systems[o->system].name;
	const struct side *s;
	struct record r;
	enum rc rc = record_load(t, g->entity, o->second, p->ids, p->id_count,
	    &g->arena, &r, e);

	if (rc)
		return rc;
	s = record_living(&r);
	if (!s)
		return review_leave(t, g->entity, o->second, recall_freed, t,
		    e);
	return review_move(t, g->entity, o->second, system,
	    name_of(t->state, s->system), s->id, recall_freed, t, e);
}

enum rc
second_follow(struct group *g, struct txn *t, const struct observation *o,
    struct audit *a, struct err *e)
{
	const struct policy_system *s = &g->policy->systems[o->system];
	struct join j;
	enum rc rc = redirect_stand_in(t, g->policy, o->second, g->uid, s->id,
	    &g->arena, &j, e);

	if (rc)
		return rc == RC_END ? RC_OK : rc;
	redirect_tell(a, g->entity, o->second, &j, "merge");
	rc = review_move(t, g->entity, g->uid, s->name, s->name,
	    o->merged_into, recall_freed, t, e);
	return rc ? rc : settle_second(g, t, o, e);
}
