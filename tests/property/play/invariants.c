/* SPDX-License-Identifier: MIT */
#include "invariants.h"

#include <stdio.h>

#include "life.h"
#include "lost.h"
#include "merges.h"
#include "quiesce.h"

/* ---- conflicts and waiting things ---- */

/* It became one that is gone there itself, or another's elsewhere. */
static bool
may_wait(struct world *w, struct span line)
{
	static const struct span why = {
		"\tmerged into a record that is not known\t", 40 };
	size_t at = 0;

	while (at + why.len <= line.len && !span_eq(span_of(line.ptr + at,
	    why.len), why))
		at++;
	if (at + why.len > line.len)
		return false;
	for (unsigned i = 0; i < w->merged_count; i++) {
		const struct merged *m = &w->merged[i];
		const struct row *r = world_find(w, m->side, m->into);

		if (!r || !world_live(r) || world_lost_uid(w, m->winner))
			return true;
	}
	return false;
}

/* It refers to what is gone there: nobody can follow that. */
static bool
is_orphan(const struct views *side, const struct view *v)
{
	struct span to = v->value[PARENT];

	return to.len > 2 && to.ptr[0] == '"' && !views_find(side,
	    span_of(to.ptr + 1, to.len - 2));
}

/* Nobody has it there: it was deleted. */
static bool
has_no_parent(const struct world *w, struct span dump,
    const struct views *sides, int side, struct span uid)
{
	char want[512];
	struct span line;
	size_t n = (size_t)snprintf(want, sizeof want, "field\t%.*s\tparent\t"
	    "{\"ref\":\"thing\",\"uid\":\"", SPAN_ARG(uid));

	if (!world_has(w, PARENT))
		return false;
	while (views_line(&dump, &line))
		if (views_begins(line, want))
			return !views_find(&sides[side], span_of(line.ptr + n,
			    line.len - n - 2));
	return false;
}

/* What stands behind those words, up to a tab; false: it does not begin so. */
static bool
named(struct span line, const char *before, const char *system,
    const char *after, struct span *what)
{
	char want[64];

	snprintf(want, sizeof want, "%s\t%s:thing:%s", before, system, after);
	if (!views_begins(line, want))
		return false;
	*what = span_of(line.ptr + strlen(want), line.len - strlen(want));
	for (size_t i = 0; i < what->len; i++)
		if (what->ptr[i] == '\t')
			what->len = i;
	return true;
}

/* It names one that lives there no more, at least not under that id. */
static bool
names_the_gone(struct world *w, int side, const struct row *r)
{
	struct span id = row_word(r, values_native(side, PARENT));
	const struct row *to = id.len ? world_find(w, side, id) : NULL;

	return world_has(w, PARENT) && id.len && !(to && world_live(to));
}

/* A person is asked whether it is another. */
static bool
is_asked(struct span dump, struct span uid)
{
	char want[512];
	struct span line;

	snprintf(want, sizeof want, "asked\t%.*s\t", SPAN_ARG(uid));
	while (views_line(&dump, &line))
		if (views_begins(line, want))
			return true;
	return false;
}

/*
 * It stood there archived when one of its code was made from elsewhere, and
 * was brought back: which of the two it is, a person is asked.
 */
static bool
came_back_beside(const struct world *w, struct span dump, struct span uid)
{
	for (unsigned i = 0; i < w->event_count && w->history->match; i++)
		if (w->event[i].kind == EVENT_RESTORE &&
		    span_eq(w->event[i].uid, uid))
			return is_asked(dump, uid);
	return false;
}

/* It stands there as one that became another, which is gone. */
static bool
became_the_gone(struct world *w, int side, struct span uid)
{
	for (unsigned i = 0; i < w->merged_count; i++) {
		const struct merged *m = &w->merged[i];
		const struct row *to = world_find(w, side, m->into);

		if (m->side == side && span_eq(m->loser, uid) &&
		    world_find(w, side, m->id) && !(to && world_live(to)))
			return true;
	}
	return false;
}

/* It became another, and that one it, elsewhere: which is which? */
static bool
became_itself(const struct world *w, struct span uid)
{
	return world_lost_uid(w, world_winner(w, uid));
}

/*
 * A reference to what is gone waits until it comes back, or is changed; one
 * that was merged here and there, until a person has said which it is.
 */
static bool
waits_for_more(struct world *w, struct span dump, const struct views *sides,
    struct span line)
{
	for (int side = 0; side < w->sides; side++) {
		struct span uid;
		const struct row *r = NULL;
		const struct view *v;

		if (named(line, "todo", w->name[side], "thing:", &uid)) {
			if (views_is_beside(w, dump, side, uid))
				return true;
			r = world_find(w, side, uid);
			uid = r ? world_uid(w, side, r) : uid;
		} else if (!named(line, "outbox", w->name[side], "", &uid)) {
			continue;
		}
		v = views_find(&sides[side], uid);
		return (r && names_the_gone(w, side, r)) ||
		    became_the_gone(w, side, uid) || became_itself(w, uid) ||
		    (merges_on_both(w) && is_asked(dump, uid)) ||
		    has_no_parent(w, dump, sides, side, uid) ||
		    (v && is_orphan(&sides[side], v));
	}
	return false;
}

static void
nothing_left(struct world *w, struct span dump, const struct views *sides)
{
	const struct span all = dump;
	struct span line;

	while (views_line(&dump, &line))
		if ((views_begins(line, "outbox\t") ||
		    views_begins(line, "todo\t")) && !may_wait(w, line) &&
		    !waits_for_more(w, all, sides, line))
			world_fail(w, "left: %.*s", SPAN_ARG(line));
}

/* ---- each of them ---- */

/* What was never there and what is null are the same. */
static bool
differ(struct span a, struct span b)
{
	return a.ptr && b.ptr && !values_equivalent(a, b);
}

/* Something of the record is still to be sent, to whomever. */
static bool
is_pending(struct span dump, struct span uid)
{
	struct span line, part;

	while (views_line(&dump, &line)) {
		if (!views_begins(line, "outbox\t"))
			continue;
		part = line;
		for (; part.len > uid.len + 1; part.ptr++, part.len--)
			if (part.ptr[0] == ':' && part.ptr[1 + uid.len] ==
			    '\t' && span_eq(span_of(part.ptr + 1, uid.len),
			    uid))
				return true;
	}
	return false;
}

/*
 * State was put back and does not know that a name was cut, and the row that
 * had all of it is gone, or has it no more.
 */
static bool
lost_the_whole(const struct world *w, const struct view *a,
    const struct view *b)
{
	bool gone = false;

	for (unsigned i = 0; i < w->event_count; i++) {
		const struct event *e = &w->event[i];

		gone |= (e->kind == EVENT_DELETE || e->kind == EVENT_ABSENT ||
		    (e->kind == EVENT_EDIT && e->field == NAME && !e->value))
		    && span_eq(e->uid, a->uid);
	}
	return w->restored && gone && (a->cut || b->cut);
}

static void
same_values(struct world *w, struct span dump, const struct view *a,
    const struct view *b, bool orphan)
{
	bool waits = merges_on_both(w) && is_pending(dump, a->uid);

	for (enum field f = 0; f < FIELDS; f++)
		if (differ(a->value[f], b->value[f]) &&
		    !(f == PARENT && (orphan || waits)) &&
		    !(f == NAME && lost_the_whole(w, a, b)) &&
		    !lost_in_conflict(dump, a->uid, f))
			world_fail(w, "diverged: %.*s %s: %.*s and %.*s",
			    SPAN_ARG(a->uid), values_field(f),
			    SPAN_ARG(a->value[f]), SPAN_ARG(b->value[f]));
}

/* What shows no value is created nowhere else. */
static bool
is_empty(const struct view *v)
{
	for (enum field f = 0; f < FIELDS; f++)
		if (v->value[f].ptr && !span_eq(v->value[f], SPAN("null")))
			return false;
	return true;
}

/* Several there have its code: a person says which is which. */
static bool
is_ambiguous(const struct world *w, const struct view *v)
{
	struct span code = v->value[CODE];
	int n = code.len < 2 ? -1 : code.ptr[2] - '1';

	return n >= 0 && n < CODES && w->ambiguous & 1u << n;
}

/*
 * What became this one stands there: whether that is it now, a person says
 * before it is created there again.
 */
static bool
has_second(struct world *w, int side, struct span uid)
{
	const struct store *s = world_store(w, side);

	for (unsigned i = 0; i < s->count; i++) {
		struct span other = world_uid(w, side, s->row[i]);

		if (world_live(s->row[i]) && world_lost_uid(w, other) &&
		    span_eq(world_winner(w, other), uid))
			return true;
	}
	return false;
}

/* It was deleted, there or elsewhere, and a field waits for a person. */
static bool
is_disputed(const struct world *w, struct span dump, struct span uid)
{
	bool asked = false;

	for (enum field f = 0; f < FIELDS; f++)
		asked |= lost_in_conflict(dump, uid, f);
	for (unsigned i = 0; i < w->event_count && asked; i++)
		if (w->event[i].kind == EVENT_DELETE &&
		    span_eq(w->event[i].uid, uid))
			return true;
	return false;
}

static void
converged(struct world *w, struct span dump, const struct views *sides)
{
	for (int a = 0; a < w->sides; a++)
		for (unsigned i = 0; i < sides[a].count; i++)
			for (int b = 0; b < w->sides; b++) {
				const struct view *v = &sides[a].item[i];
				const struct view *other =
				    views_find(&sides[b], v->uid);

				if (!other && (is_empty(v) ||
				    is_ambiguous(w, v) ||
				    is_disputed(w, dump, v->uid) ||
				    has_second(w, b, v->uid) ||
				    came_back_beside(w, dump, v->uid) ||
				    (merges_on_both(w) &&
				    is_asked(dump, v->uid))))
					continue;
				if (!other)
					world_fail(w, "diverged: %.*s is live "
					    "in %s and not in %s",
					    SPAN_ARG(v->uid), w->name[a],
					    w->name[b]);
				same_values(w, dump, v, other,
				    is_orphan(&sides[a], v) ||
				    is_orphan(&sides[b], other) ||
				    has_no_parent(w, dump, sides, a,
				    v->uid) ||
				    has_no_parent(w, dump, sides, b,
				    v->uid));
			}
}

/*
 * Every record is one that somebody made.  (After a restore, one that came
 * back under another id since the dump is taken for a copy: known.)
 */
static void
nothing_invented(struct world *w, const struct views *side)
{
	for (unsigned i = 0; i < side->count && !w->restored; i++) {
		bool made = false;

		for (unsigned k = 0; k < w->event_count && !made; k++)
			made = w->event[k].kind == EVENT_CREATE &&
			    span_eq(w->event[k].uid, side->item[i].uid);
		if (!made)
			world_fail(w, "invented: nobody made %.*s",
			    SPAN_ARG(side->item[i].uid));
	}
}

/* No two live records of one side have one code. */
static void
one_of_a_code(struct world *w, int side, const struct views *all)
{
	for (unsigned i = 0; i < all->count; i++)
		for (unsigned k = 0; k < i; k++)
			if (!is_ambiguous(w, &all->item[i]) &&
			    all->item[i].value[CODE].len &&
			    all->item[i].value[CODE].ptr[0] == '"' &&
			    span_eq(all->item[i].value[CODE],
			    all->item[k].value[CODE]))
				world_fail(w, "duplicate: %s has code %.*s "
				    "twice", w->name[side],
				    SPAN_ARG(all->item[i].value[CODE]));
}

/*
 * Nobody said how often there is one of an ambiguous code; but never more
 * than somebody made, on all sides together.
 */
static void
no_more_than_made(struct world *w, int side, const struct views *all)
{
	for (unsigned code = 0; code < CODES; code++) {
		unsigned made = 0, there = 0;

		if (!(w->ambiguous & 1u << code))
			continue;
		for (unsigned i = 0; i < w->event_count; i++)
			made += w->event[i].kind == EVENT_EDIT &&
			    w->event[i].field == CODE && values_same(
			    w->event[i].value, values_canonical(CODE, code));
		for (unsigned i = 0; i < all->count; i++)
			there += lost_is_value(all->item[i].value[CODE],
			    values_canonical(CODE, code));
		if (there > made)
			world_fail(w, "duplicate: %s has code k%u %u times, "
			    "made were %u", w->name[side], code + 1, there,
			    made);
	}
}

static bool
same_records(const struct world *w, const struct views *sides)
{
	for (int side = 1; side < w->sides; side++) {
		if (sides[side].count != sides[0].count)
			return false;
		for (unsigned i = 0; i < sides[0].count; i++)
			if (!views_find(&sides[side],
			    sides[0].item[i].uid))
				return false;
	}
	return true;
}

/*
 * Whose uid the one that a reference meant has by now.  One that never came
 * was no change for anybody.
 */
static void
take_parent(struct world *w, struct span dump, struct event *e)
{
	struct span uid = views_uid(w, dump, e->side, e->target, SPAN(""));
	char *text;

	if (!uid.len) {
		e->kind = EVENT_BAD;
		return;
	}
	uid = world_winner(w, uid);
	text = arena_alloc(&w->arena, uid.len + 1);
	memcpy(text, uid.ptr, uid.len);
	text[uid.len] = '\0';
	e->value = text;
}

void
invariants_check(struct world *w, struct views *sides)
{
	struct span dump = quiesce(w);

	for (unsigned i = 0; i < w->event_count; i++) {
		struct event *e = &w->event[i];

		e->merged = world_lost_uid(w, e->stamp);
		e->uid = views_uid(w, dump, e->side, e->id, e->uid);
		if (e->target.ptr)
			take_parent(w, dump, e);
	}
	for (unsigned i = 0; i < w->merged_count; i++) {
		struct merged *m = &w->merged[i];

		m->as = views_uid(w, dump, m->side, m->id, m->loser);
	}
	for (int side = 0; side < w->sides; side++) {
		views_show(w, side, dump, &sides[side]);
		nothing_invented(w, &sides[side]);
		one_of_a_code(w, side, &sides[side]);
		no_more_than_made(w, side, &sides[side]);
	}
	nothing_left(w, dump, sides);
	merges_leave_seconds(w);
	merges_give(w, dump, sides);
	if (same_records(w, sides))
		for (unsigned i = 0; i < w->event_count; i++)
			life_of(w, sides, w->event[i].uid);
	converged(w, dump, sides);
	lost_none(w, dump, sides);
}
