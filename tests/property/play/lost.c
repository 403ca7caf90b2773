/* SPDX-License-Identifier: MIT */
#include "lost.h"

#include <stdio.h>
#include <stdlib.h>

bool
lost_in_conflict(struct span dump, struct span uid, enum field f)
{
	char want[512];
	struct span line;

	snprintf(want, sizeof want, "conflict\t%.*s\t%s", SPAN_ARG(uid),
	    values_field(f));
	while (views_line(&dump, &line))
		if (span_eq(line, span_str(want)))
			return true;
	return false;
}

/* It put something into a text that everybody may add to. */
static bool
adds(const struct world *w, const struct event *e)
{
	enum rule rule = w->history->rule[MEMO];

	return e->token.ptr && (rule == RULE_APPEND || rule == RULE_UNION);
}

/* The text was taken away there before: what was in it is, too. */
static bool
begins_anew(const struct event *e)
{
	return !e->before && e->seen && e->seen != values_never;
}

/* Somebody did something later that this edit need not survive. */
static bool
overtaken(const struct world *w, unsigned at)
{
	const struct event *e = &w->event[at];

	for (unsigned i = at + 1; i < w->event_count; i++) {
		const struct event *l = &w->event[i];

		if (!span_eq(l->uid, e->uid) || l->kind == EVENT_REWRITE ||
		    (adds(w, e) && adds(w, l) && !begins_anew(l)))
			continue;
		if ((l->field == e->field && l->kind != EVENT_ABSENT) ||
		    l->kind == EVENT_RESTORE || (l->side == e->side &&
		    (l->kind == EVENT_DELETE || l->kind == EVENT_ABSENT)))
			return true;
	}
	return false;
}

/* Of the fields that have them: numbers, and dates as JSON. */
static int
compare(struct span line, const char *edit)
{
	double a, b;

	if (line.len && line.ptr[0] == '"')
		return span_cmp(span_of(line.ptr + 1, line.len - 2),
		    span_str(edit));
	a = strtod(line.ptr, NULL); /* the plan's line ends it */
	b = strtod(edit, NULL);
	return (a > b) - (a < b);
}

static size_t
characters(struct span s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++) {
		i += s.ptr[i] == '\\';
		n += ((unsigned char)s.ptr[i] & 0xc0) != 0x80;
	}
	return n;
}

/* Could the rule decide for the line's value, against the edit's? */
static bool
weighs(const struct world *w, const struct plan_line *l,
    const struct event *e)
{
	struct span value = l->value[e->field];
	enum weight weight = l->weight[e->field];

	if (weight == WEIGHT_ANY || (weight != WEIGHT_ALL && !e->value))
		return true;
	if (weight == WEIGHT_ALL)
		return !adds(w, e);
	if (span_eq(value, SPAN("null")))
		return false;
	if (weight == WEIGHT_LONGEST)
		return characters(value) - 2 >= characters(span_str(
		    e->value));
	return weight == WEIGHT_MOST ? compare(value, e->value) >= 0 :
	    compare(value, e->value) <= 0;
}

static bool
planned_between(const struct world *w, unsigned from, unsigned to)
{
	for (unsigned p = 0; p < w->plan_count; p++)
		if (w->plan[p].events > from && w->plan[p].events <= to)
			return true;
	return false;
}

/*
 * Whoever changed it elsewhere had this very value before him, and nobody here
 * had seen yet what he made of it: so he, too, changed this edit's value.
 * Edits in a row that nobody could read between are one, of what was read last.
 */
static bool
replaced(const struct world *w, unsigned at)
{
	const struct event *e = &w->event[at];

	for (unsigned i = world_quiet_before(w, at); i < at; i++) {
		const struct event *l = &w->event[i];

		if (span_eq(l->uid, e->uid) && l->field == e->field &&
		    l->side != e->side && l->kind == EVENT_EDIT &&
		    (values_same(l->before, e->value) ||
		    values_same(l->seen, e->value)) &&
		    (!values_same(l->value, e->before) ||
		    !planned_between(w, i, at)))
			return true;
	}
	return false;
}

/* Some plan after this edit shows a decision over it, or that one is asked. */
static bool
is_planned(const struct world *w, unsigned at, bool conflict)
{
	const struct event *e = &w->event[at];

	for (unsigned p = 0; p < w->plan_count; p++)
		for (unsigned i = 0; i < w->plan[p].count &&
		    w->plan[p].events > at; i++) {
			const struct plan_line *l = &w->plan[p].line[i];

			if (span_eq(l->uid, e->uid) && l->conflict ==
			    conflict && l->ruled & 1u << e->field &&
			    (conflict || weighs(w, l, e)))
				return true;
		}
	return false;
}

bool
lost_to_rule(const struct world *w, unsigned at)
{
	return is_planned(w, at, false);
}

bool
lost_is_value(struct span json, const char *value)
{
	char text[4096];
	struct buf b = { .ptr = text, .room = sizeof text, .cap = sizeof text,
		.what = "value" };

	if (!value)
		return !json.ptr || span_eq(json, SPAN("null"));
	if (span_eq(json, span_str(value)))
		return true;
	json_put_string(&b, span_str(value));
	return values_equivalent(json, buf_view(&b));
}

static bool
contains(struct span text, struct span part)
{
	for (size_t i = 0; i + part.len <= text.len; i++)
		if (memcmp(text.ptr + i, part.ptr, part.len) == 0)
			return true;
	return false;
}

static bool
stands(const struct world *w, const struct views *sides,
    const struct event *e)
{
	for (int side = 0; side < w->sides; side++) {
		const struct view *v = views_find(&sides[side], e->uid);

		if (!v || (e->field == NAME && v->cut))
			continue;
		if (adds(w, e) ? contains(v->value[MEMO], e->token) :
		    lost_is_value(v->value[e->field], e->value))
			return true;
	}
	return false;
}

/* Somebody elsewhere had given it the same value, and nobody had seen it. */
static bool
agrees(const struct world *w, unsigned at)
{
	const struct event *e = &w->event[at];

	for (unsigned i = world_quiet_before(w, at); i < at; i++)
		if (span_eq(w->event[i].uid, e->uid) &&
		    w->event[i].field == e->field &&
		    values_same(w->event[i].value, e->value))
			return true;
	return false;
}

/* What stood there was a part only: a person had to be asked about it. */
static bool
was_asked(const struct world *w, struct span dump, unsigned at)
{
	const struct event *e = &w->event[at];

	if (overtaken(w, at) || agrees(w, at) ||
	    lost_in_conflict(dump, e->uid, NAME))
		return true;
	for (unsigned p = 0; p < w->plan_count; p++)
		for (unsigned i = 0; i < w->plan[p].count &&
		    w->plan[p].events > at; i++) {
			const struct plan_line *l = &w->plan[p].line[i];

			if (span_eq(l->uid, e->uid) && l->conflict &&
			    l->fields & 1u << NAME)
				return true;
		}
	return false;
}

/* It has a code of which one could not be used when the others were read. */
static bool
was_unmet(const struct world *w, struct span uid)
{
	for (unsigned i = 0; i < w->event_count; i++) {
		const struct event *e = &w->event[i];
		int code = e->kind == EVENT_EDIT && e->field == CODE &&
		    e->value ? values_index(CODE, e->value) : -1;

		if (code >= 0 && w->unmet & 1u << code &&
		    span_eq(e->uid, uid))
			return true;
	}
	return false;
}

/* One that somebody made elsewhere was known no sooner, and is it by now. */
static bool
was_joined(const struct world *w, const struct event *e)
{
	for (unsigned i = 0; i < w->event_count; i++) {
		const struct event *c = &w->event[i];

		if (c->kind == EVENT_CREATE && c->side != e->side &&
		    span_eq(c->uid, e->uid) && e->taken &&
		    c->taken >= e->taken)
			return true;
	}
	return false;
}

/*
 * It was given a value elsewhere before, where it never had any, and that was
 * read no sooner than this: a value fills a blank.
 */
static bool
was_blank_there(const struct world *w, unsigned at)
{
	const struct event *e = &w->event[at];

	for (unsigned i = 0; i < at && !e->value; i++) {
		const struct event *l = &w->event[i];

		if (l->kind == EVENT_EDIT && l->side != e->side && l->value &&
		    l->field == e->field && span_eq(l->uid, e->uid) &&
		    (!l->seen || l->seen == values_never) &&
		    l->taken >= e->taken)
			return true;
	}
	return false;
}

/* What a record had not is what the one has that became it, or joined it. */
static bool
was_filled(const struct world *w, const struct event *e)
{
	bool wins = false;

	for (unsigned i = 0; i < w->merged_count; i++)
		wins |= span_eq(w->merged[i].winner, e->uid);
	return !e->value && (wins || was_unmet(w, e->uid) ||
	    was_joined(w, e));
}

/* When the edit was first read (its row may have been refused until then),
 * that deletion had been, of the very record it meant. */
static bool
was_gone_before(const struct event *e, const struct event *gone)
{
	return gone->kind == EVENT_DELETE && gone->taken &&
	    (!e->taken || gone->taken <= e->taken) &&
	    span_eq(gone->uid, span_str(e->value));
}

/*
 * It meant one that is gone everywhere, and the record that said so was
 * deleted, too: an edit elsewhere brought it back.  What could not be followed
 * any more when it was first read is known to nobody but the row that went, or
 * shows what means nobody.
 */
static bool
meant_the_gone(const struct world *w, const struct views *sides, unsigned at)
{
	const struct event *e = &w->event[at];
	bool deleted = false;

	if (!e->target.ptr)
		return false;
	for (int side = 0; side < w->sides; side++)
		if (views_find(&sides[side], span_str(e->value)))
			return false;
	for (unsigned i = at + 1; i < w->event_count; i++)
		deleted |= w->event[i].kind == EVENT_DELETE &&
		    span_eq(w->event[i].uid, e->uid);
	for (unsigned i = 0; i < w->event_count; i++)
		deleted |= was_gone_before(e, &w->event[i]);
	return deleted;
}

/*
 * The other came when the record was deleted already, or in that very reading:
 * a reference that nobody could follow keeps nobody, and went with the row that
 * said so; an edit elsewhere brought the record back.
 */
static bool
came_too_late(struct world *w, unsigned at)
{
	const struct event *e = &w->event[at];
	const struct row *r = world_find(w, e->side, e->id);
	unsigned came = at;

	if (!e->target.ptr || !e->early || (r && span_eq(row_word(r,
	    values_native(e->side, PARENT)), e->target)))
		return false;
	while (came < w->event_count && (w->event[came].kind != EVENT_CREATE ||
	    w->event[came].side != e->side || !span_eq(w->event[came].id,
	    e->target)))
		came++;
	for (unsigned i = at + 1; i < w->event_count; i++)
		if (w->event[i].kind == EVENT_DELETE && span_eq(
		    w->event[i].uid, e->uid) && (i < came ||
		    !planned_between(w, came, i)))
			return true;
	return false;
}

/*
 * Since state was put back, and to that state this row is new, it was given
 * what had been agreed by then: by that it is no news to anybody.
 */
static bool
was_agreed_then(const struct world *w, struct span dump,
    const struct event *e)
{
	for (unsigned i = 0; i < w->seen_then.count && w->restored &&
	    e->seen == values_never; i++) {
		const struct known *k = &w->seen_then.items[i];

		if (k->side != e->side && span_eq(views_uid(w, dump, k->side,
		    k->id, k->id), e->uid) &&
		    values_same(k->value[e->field], e->value))
			return true;
	}
	return false;
}

/*
 * Its row took another one in, and so was that one's by our links, which was
 * merged elsewhere, too: it went with it into what had values of its own.
 */
static bool
went_along(const struct world *w, const struct event *e)
{
	for (unsigned i = 0; i < w->merged_count; i++)
		for (unsigned k = 0; k < w->merged_count; k++)
			if (i != k && span_eq(w->merged[i].winner, e->stamp) &&
			    span_eq(w->merged[i].as, w->merged[k].loser) &&
			    span_eq(w->merged[k].winner, e->uid))
				return true;
	return false;
}

/* It had that value before, or meant the one that became it. */
static bool
is_no_news(const struct world *w, const struct event *e)
{
	if (values_same(e->value, e->seen))
		return true;
	return e->field == PARENT && e->value && e->seen &&
	    e->seen != values_never &&
	    span_eq(world_winner(w, span_str(e->value)),
	    world_winner(w, span_str(e->seen)));
}

/* Was another edit of it read there between these events? */
static bool
was_read_edited(const struct world *w, unsigned from, unsigned at)
{
	const struct event *e = &w->event[at];

	for (unsigned i = from; i < at; i++) {
		const struct event *l = &w->event[i];

		if (l->kind == EVENT_EDIT && l->side == e->side && l->field ==
		    e->field && span_eq(l->uid, e->uid) && l->taken &&
		    w->plan[l->taken - 1].events <= at)
			return true;
	}
	return false;
}

/* What he typed was on its way to him: nobody can tell that he did. */
static bool
was_on_its_way(const struct world *w, unsigned at)
{
	const struct event *e = &w->event[at];

	for (unsigned p = 0; p < w->plan_count && w->plan[p].events <= at; p++)
		for (unsigned i = 0; i < w->plan[p].count; i++) {
			const struct plan_line *l = &w->plan[p].line[i];

			if (!l->conflict && l->side == e->side &&
			    l->fields & 1u << e->field &&
			    span_eq(l->uid, e->uid) &&
			    lost_is_value(l->value[e->field], e->value) &&
			    !was_read_edited(w, w->plan[p].events, at))
				return true;
		}
	return false;
}

/* It was made in what stood archived, and that still does, or was removed. */
static bool
rests(struct world *w, const struct event *e)
{
	const struct row *r = world_find(w, e->side, e->id);

	return e->archived && !(r && world_live(r));
}

void
lost_none(struct world *w, struct span dump, const struct views *sides)
{
	for (unsigned at = w->restored; at < w->event_count; at++) {
		const struct event *e = &w->event[at];

		if (e->kind == EVENT_EDIT && e->cut && !e->merged &&
		    !w->restored &&
		    views_find(&sides[0], e->uid) && !was_asked(w, dump, at))
			world_fail(w, "lost: %.*s name, of which %s held a "
			    "part, for %s", SPAN_ARG(e->uid), w->name[e->side],
			    e->value);
		if (e->kind != EVENT_EDIT || e->merged || was_filled(w, e) ||
		    is_no_news(w, e) || went_along(w, e) ||
		    !views_find(&sides[0], e->uid) ||
		    stands(w, sides, e) || overtaken(w, at) ||
		    lost_in_conflict(dump, e->uid, (enum field)e->field) ||
		    lost_to_rule(w, at) || is_planned(w, at, true) ||
		    replaced(w, at) || meant_the_gone(w, sides, at) ||
		    came_too_late(w, at) || was_blank_there(w, at) ||
		    was_agreed_then(w, dump, e) || rests(w, e) ||
		    was_on_its_way(w, at))
			continue;
		world_fail(w, "lost: %.*s %s = %s, by %s", SPAN_ARG(e->uid),
		    values_field((enum field)e->field), e->value ? e->value :
		    "null", w->name[e->side]);
	}
}
