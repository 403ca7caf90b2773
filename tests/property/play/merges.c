/* SPDX-License-Identifier: MIT */
#include "merges.h"

#include "lost.h"

bool
merges_on_both(const struct world *w)
{
	for (unsigned i = 1; i < w->merged_count; i++)
		if (w->merged[i].side != w->merged[0].side)
			return true;
	return false;
}

/* Is it one of the two, or what one of them took in before? */
static bool
is_of(const struct world *w, const struct merged *m, struct span uid)
{
	if (span_eq(uid, m->loser) || span_eq(uid, m->winner))
		return true;
	for (unsigned i = 0; i < w->merged_count; i++)
		if (span_eq(w->merged[i].loser, uid) &&
		    (span_eq(w->merged[i].winner, m->loser) ||
		    span_eq(w->merged[i].winner, m->winner)))
			return true;
	return false;
}

/* Nobody touched what became another's only elsewhere. */
static bool
left_alone(const struct world *w, const struct merged *m)
{
	if (m->forgotten)
		return false;
	for (unsigned i = 0; i < w->event_count; i++) {
		const struct event *e = &w->event[i];

		if ((e->kind == EVENT_DELETE || (e->kind == EVENT_MERGE &&
		    e->side != m->side)) && is_of(w, m, e->stamp))
			return false;
	}
	return true;
}

void
merges_leave_seconds(struct world *w)
{
	for (unsigned i = 0; i < w->merged_count; i++) {
		const struct merged *m = &w->merged[i];

		for (int side = 0; side < w->sides; side++) {
			const struct row *r = world_find(w, side,
			    m->second[side]);

			if (m->second[side].len && (!r || !world_live(r)) &&
			    left_alone(w, m))
				world_fail(w, "gone: %.*s was merged elsewhere"
				    ", and is gone in %s", SPAN_ARG(m->loser),
				    w->name[side]);
		}
	}
}

/* Somebody deleted one of the two, or emptied the field. */
static bool
was_taken(const struct world *w, const struct merged *m, enum field f)
{
	for (unsigned i = 0; i < w->event_count; i++) {
		const struct event *e = &w->event[i];
		bool concerns = span_eq(e->stamp, m->loser) ||
		    span_eq(e->stamp, m->winner) ||
		    span_eq(e->uid, m->loser) || span_eq(e->uid, m->winner);

		if (concerns && (e->kind == EVENT_DELETE ||
		    (e->field == (int)f && !e->value &&
		    (e->kind == EVENT_EDIT || e->kind == EVENT_ABSENT))))
			return true;
	}
	return false;
}

static void
gives(struct world *w, struct span dump, const struct merged *m,
    const struct view *v)
{
	for (enum field f = 0; f < PARENT; f++) {
		struct span now = v->value[f];

		if (!m->value[f] || m->value[f] == values_bad ||
		    (now.len && !span_eq(now, SPAN("null"))) ||
		    lost_in_conflict(dump, m->winner, f) ||
		    lost_in_conflict(dump, m->loser, f) ||
		    was_taken(w, m, f))
			continue;
		world_fail(w, "lost: %.*s became %.*s, which has nothing of "
		    "its %s", SPAN_ARG(m->loser), SPAN_ARG(m->winner),
		    values_field(f));
	}
}

void
merges_give(struct world *w, struct span dump, const struct views *sides)
{
	for (unsigned i = 0; i < w->merged_count && !w->restored &&
	    !merges_on_both(w); i++) {
		const struct merged *m = &w->merged[i];
		const struct view *v = views_find(&sides[m->side], m->winner);

		if (v && !world_lost_uid(w, m->winner))
			gives(w, dump, m, v);
	}
}
