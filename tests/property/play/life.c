/* SPDX-License-Identifier: MIT */
#include "life.h"

#include "lost.h"

/* What happened to one record, by index of its events. */
struct fate {
	unsigned last;      /* any event */
	unsigned before;    /* the one before that */
	unsigned death;     /* the last delete */
	bool any;           /* there is one at all */
	bool died, others;  /* there is a death; there is one before last */
};

static struct fate
fate_of(const struct world *w, struct span uid)
{
	struct fate f = { 0 };

	for (unsigned i = 0; i < w->event_count; i++) {
		if (!span_eq(w->event[i].uid, uid) ||
		    (w->event[i].kind == EVENT_MEND && w->event[i].archived))
			continue;
		f.others = f.any;
		f.before = f.last;
		f.last = i;
		f.any |= !w->event[i].archived;
		if (w->event[i].kind == EVENT_DELETE) {
			f.death = i;
			f.died = true;
		}
	}
	return f;
}

static bool
is_last_of_field(const struct world *w, unsigned at)
{
	const struct event *e = &w->event[at];

	for (unsigned i = at + 1; i < w->event_count; i++) {
		const struct event *l = &w->event[i];

		if (span_eq(l->uid, e->uid) && l->side == e->side &&
		    l->field == e->field && l->kind != EVENT_DELETE &&
		    l->kind != EVENT_REWRITE)
			return false;
	}
	return true;
}

/*
 * It gave it what the row that was deleted had when it was last read, or
 * written, and was decided before anybody could see that it was deleted: be it
 * that who deleted it had made that of it himself, or that it was another value
 * for a while, nothing is left that he had not been told.  Nor is it where it
 * was given that as another record, which became this one.
 */
static bool
told_nothing(const struct world *w, unsigned at, unsigned death)
{
	const struct event *e = &w->event[at], *d = &w->event[death];

	return e->kind == EVENT_EDIT && e->side != d->side && d->left &&
	    values_same(d->left[e->field], e->value) && (e->merged ||
	    (e->taken && d->taken > e->taken));
}

/*
 * It refers to one whose deletion was read no later than this one's: a
 * reference that nobody can follow keeps nobody.
 */
static bool
meant_the_gone(const struct world *w, const struct event *e, unsigned death)
{
	if (e->kind != EVENT_EDIT || e->field != PARENT || !e->value)
		return false;
	for (unsigned i = 0; i < w->event_count; i++) {
		const struct event *g = &w->event[i];

		if (g->kind == EVENT_DELETE && g->taken &&
		    g->taken <= w->event[death].taken &&
		    span_eq(g->uid, span_str(e->value)))
			return true;
	}
	return false;
}

/*
 * A change that counts, made after the record was deleted, not of what stands
 * archived.  One that lost by its field's rule, as it says that it is older
 * than another, does not.
 */
static bool
revived(const struct world *w, struct span uid, unsigned death)
{
	for (unsigned i = death + 1; i < w->event_count; i++) {
		const struct event *e = &w->event[i];

		if (span_eq(e->uid, uid) && !e->early && !e->archived &&
		    (e->kind == EVENT_EDIT ? !lost_to_rule(w, i) :
		    e->kind == EVENT_CREATE || e->kind == EVENT_RESTORE) &&
		    !values_same(e->value, e->seen) &&
		    is_last_of_field(w, i) && !told_nothing(w, i, death) &&
		    !meant_the_gone(w, e, death))
			return true;
	}
	return false;
}

/* Whoever deleted it, one of them had nothing left to be told. */
static bool
revived_from_all(const struct world *w, struct span uid)
{
	for (unsigned i = 0; i < w->event_count; i++)
		if (w->event[i].kind == EVENT_DELETE &&
		    span_eq(w->event[i].uid, uid) && !revived(w, uid, i))
			return false;
	return true;
}

static bool
disputed(const struct world *w, struct span uid)
{
	for (unsigned p = 0; p < w->plan_count; p++)
		for (unsigned i = 0; i < w->plan[p].count; i++)
			if (w->plan[p].line[i].conflict &&
			    span_eq(w->plan[p].line[i].uid, uid))
				return true;
	return false;
}

bool
life_begins(const struct world *w, int side, struct span id)
{
	unsigned runs = 0;

	for (unsigned i = w->event_count; i > 0; i--) {
		const struct event *e = &w->event[i - 1];

		if (e->kind != EVENT_CREATE || e->side != side ||
		    !span_eq(e->id, id))
			continue;
		for (unsigned p = 0; p < w->plan_count; p++)
			runs += w->plan[p].events >= i;
		return runs < 2;
	}
	return false;
}

/* Its only row in a system was another's before, and was merged there. */
static bool
went_with_a_row(const struct world *w, struct span uid)
{
	for (unsigned i = 0; i < w->merged_count; i++)
		for (unsigned k = 0; k < w->merged_count; k++)
			if (span_eq(w->merged[i].as, uid) && i != k &&
			    span_eq(w->merged[k].loser, w->merged[i].loser) &&
			    span_eq(w->merged[k].winner, uid))
				return true;
	return false;
}

/* It refers to one that was brought back: that could not be told until then. */
static bool
waited_for_one(const struct world *w, struct span uid)
{
	for (unsigned i = 0; i < w->event_count; i++)
		for (unsigned k = i + 1; k < w->event_count; k++)
			if (w->event[i].kind == EVENT_EDIT &&
			    w->event[i].field == PARENT &&
			    w->event[i].value &&
			    span_eq(w->event[i].uid, uid) &&
			    w->event[k].kind == EVENT_RESTORE &&
			    span_eq(w->event[k].uid,
			    span_str(w->event[i].value)))
				return true;
	return false;
}

void
life_of(struct world *w, const struct views *sides, struct span uid)
{
	struct fate f = fate_of(w, uid);
	bool live = views_find(&sides[0], uid) != NULL;

	if (!f.any || world_lost_uid(w, uid) || went_with_a_row(w, uid))
		return; /* another's by now */
	if (!live && !f.died)
		world_fail(w, "gone: %.*s: nobody deleted it", SPAN_ARG(uid));
	if (w->restored) /* state forgot what it had seen */
		return;
	if (!live && revived_from_all(w, uid))
		world_fail(w, "gone: %.*s: edited after it was deleted",
		    SPAN_ARG(uid));
	if (live && f.died && f.last == f.death && !disputed(w, uid) &&
	    !waited_for_one(w, uid) &&
	    (!f.others || f.before < world_quiet_before(w, f.death)))
		world_fail(w, "undead: %.*s was deleted and is there",
		    SPAN_ARG(uid));
}

