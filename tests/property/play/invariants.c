/* SPDX-License-Identifier: MIT */
#include "invariants.h"

#include <stdio.h>

#include "quiesce.h"

/* ---- lines of the dump ---- */

static bool
next_line(struct span *text, struct span *line)
{
	const char *nl = text->len ? memchr(text->ptr, '\n', text->len) : NULL;

	if (!nl)
		return false;
	*line = span_of(text->ptr, (size_t)(nl - text->ptr));
	text->len -= line->len + 1;
	text->ptr = nl + 1;
	return true;
}

static bool
begins(struct span line, const char *with)
{
	size_t n = strlen(with);

	return line.len >= n && memcmp(line.ptr, with, n) == 0;
}

/* ---- what the sides show ---- */

const struct view *
invariants_find(const struct views *side, struct span uid)
{
	for (unsigned i = 0; i < side->count; i++)
		if (span_eq(side->item[i].uid, uid))
			return &side->item[i];
	return NULL;
}

static void
take_values(struct world *w, struct view *v)
{
	uint32_t fields = json_get(&w->json, 0, SPAN("fields"));

	for (enum field f = 0; f < FIELDS && fields; f++) {
		uint32_t node = json_get(&w->json, fields,
		    span_str(values_field(f)));

		if (node)
			v->value[f] = arena_dup(&w->arena,
			    json_text(&w->json, node));
	}
}

/* Records that were joined have one uid: the one their links say. */
static struct span
joined_uid(const struct world *w, struct span dump, int side, struct span id,
    struct span uid)
{
	char want[512];
	struct span line, found;
	size_t n;

	if (!w->history->match)
		return uid;
	n = (size_t)snprintf(want, sizeof want, "link\tthing:%s:thing:%.*s\t",
	    w->name[side], SPAN_ARG(id));
	while (next_line(&dump, &line)) {
		if (!begins(line, want))
			continue;
		found = span_of(line.ptr + n, line.len - n);
		while (found.len && found.ptr[found.len - 1] != '\t')
			found.len--;
		found.len -= found.len > 0;
		return found;
	}
	return uid;
}

static void
take_record(struct world *w, int side, struct span dump, struct span line,
    struct views *all)
{
	struct view *v = &all->item[all->count];
	struct json *j = &w->json;
	struct arena *a = &w->arena;
	struct span type, id;
	char uid[256];
	struct err e;

	if (json_parse(j, line, &e))
		world_fail(w, "test: a line of crm-map: %s", e.text);
	type = json_get_string(j, 0, SPAN("type"), a);
	id = json_get_string(j, 0, SPAN("id"), a);
	if (span_eq(type, SPAN("seen")))
		world_fail(w, "rejected: %s %.*s", w->name[side],
		    SPAN_ARG(id));
	if (!span_eq(type, SPAN("record")) ||
	    json_get_true(j, 0, SPAN("deleted")))
		return;
	*v = (struct view){ .uid = json_get_string(j, 0, SPAN("uid"), a) };
	snprintf(uid, sizeof uid, "%s:thing:%.*s", w->name[side],
	    SPAN_ARG(id));
	v->uid = arena_dup(a, v->uid.len ? v->uid : span_str(uid));
	v->uid = joined_uid(w, dump, side, id, v->uid);
	if (invariants_find(all, v->uid))
		world_fail(w, "duplicate: %s has %.*s twice", w->name[side],
		    SPAN_ARG(v->uid));
	take_values(w, v);
	all->count++;
}

static void
show(struct world *w, int side, struct span dump, struct views *all)
{
	char mapping[32];
	struct span text;
	const char *at, *end, *nl;

	w->runs++;
	snprintf(mapping, sizeof mapping, "thing.%s", w->name[side]);
	world_run(w, MAY_DO, NULL, "shown.0", "crm-extract", w->name[side],
	    "thing", "--full", "-m", mapping, NULL);
	world_run(w, MAY_DO, "shown.0", "shown", "crm-map", mapping, NULL);
	text = world_read(w, "shown");
	end = text.ptr + text.len;
	all->count = 0;
	for (at = text.ptr; at < end; at = nl + 1) {
		nl = memchr(at, '\n', (size_t)(end - at));
		if (!nl || all->count == STORE_ROWS)
			world_fail(w, "test: what crm-map shows is cut");
		take_record(w, side, dump, span_of(at, (size_t)(nl -
		    at)), all);
	}
}

/* ---- conflicts and waiting things ---- */

static void
nothing_left(struct world *w, struct span dump)
{
	struct span line;

	while (next_line(&dump, &line))
		if (begins(line, "outbox\t") || begins(line, "todo\t"))
			world_fail(w, "left: %.*s", SPAN_ARG(line));
}

static bool
in_conflict(struct span dump, struct span uid, enum field f)
{
	char want[512];
	struct span line;

	snprintf(want, sizeof want, "conflict\t%.*s\t%s", SPAN_ARG(uid),
	    values_field(f));
	while (next_line(&dump, &line))
		if (span_eq(line, span_str(want)))
			return true;
	return false;
}

/* ---- each of them ---- */

/* What was never there and what is null are the same. */
static bool
differ(struct span a, struct span b)
{
	return a.ptr && b.ptr && !values_equivalent(a, b);
}

static void
same_values(struct world *w, struct span dump, const struct view *a,
    const struct view *b)
{
	for (enum field f = 0; f < FIELDS; f++)
		if (differ(a->value[f], b->value[f]) &&
		    !in_conflict(dump, a->uid, f))
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

static void
converged(struct world *w, struct span dump, const struct views *sides)
{
	for (int a = 0; a < w->sides; a++)
		for (unsigned i = 0; i < sides[a].count; i++)
			for (int b = 0; b < w->sides; b++) {
				const struct view *v = &sides[a].item[i];
				const struct view *other =
				    invariants_find(&sides[b], v->uid);

				if (!other && is_empty(v))
					continue;
				if (!other)
					world_fail(w, "diverged: %.*s is live "
					    "in %s and not in %s",
					    SPAN_ARG(v->uid), w->name[a],
					    w->name[b]);
				same_values(w, dump, v, other);
			}
}

/* Somebody did something later that this edit need not survive. */
static bool
overtaken(const struct world *w, unsigned at)
{
	const struct event *e = &w->event[at];

	for (unsigned i = at + 1; i < w->event_count; i++) {
		const struct event *l = &w->event[i];

		if (!span_eq(l->uid, e->uid))
			continue;
		if ((l->field == e->field && l->kind != EVENT_ABSENT) ||
		    l->kind == EVENT_RESTORE || (l->side == e->side &&
		    (l->kind == EVENT_DELETE || l->kind == EVENT_ABSENT)))
			return true;
	}
	return false;
}

/* A decision over this edit was shown in some plan after it. */
static bool
decided(const struct world *w, unsigned at)
{
	const struct event *e = &w->event[at];

	for (unsigned p = 0; p < w->plan_count; p++)
		for (unsigned i = 0; i < w->plan[p].count &&
		    w->plan[p].events > at; i++) {
			const struct plan_line *l = &w->plan[p].line[i];

			if (span_eq(l->uid, e->uid) &&
			    l->ruled & 1u << e->field)
				return true;
		}
	return false;
}

/* The JSON says the canonical text; NULL is null, or nothing at all. */
static bool
is_value(struct span json, const char *value)
{
	char text[256];
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
stands(const struct world *w, const struct views *sides,
    const struct event *e)
{
	for (int side = 0; side < w->sides; side++) {
		const struct view *v = invariants_find(&sides[side], e->uid);

		if (v && is_value(v->value[e->field], e->value))
			return true;
	}
	return false;
}

static void
nothing_lost(struct world *w, struct span dump, const struct views *sides)
{
	for (unsigned at = w->restored; at < w->event_count; at++) {
		const struct event *e = &w->event[at];

		if (e->kind != EVENT_EDIT || values_same(e->value, e->seen) ||
		    !invariants_find(&sides[0], e->uid) ||
		    stands(w, sides, e) || overtaken(w, at) ||
		    in_conflict(dump, e->uid, (enum field)e->field) ||
		    decided(w, at))
			continue;
		world_fail(w, "lost: %.*s %s = %s, by %s", SPAN_ARG(e->uid),
		    values_field((enum field)e->field), e->value ? e->value :
		    "null", w->name[e->side]);
	}
}

/* ---- life ---- */

/* What happened to one record, by index of its events. */
struct fate {
	unsigned last;      /* any event */
	unsigned before;    /* the one before that */
	unsigned death;     /* the last delete */
	bool died, others;  /* there is a death; there is one before last */
};

static struct fate
fate_of(const struct world *w, struct span uid)
{
	struct fate f = { 0 };
	bool any = false;

	for (unsigned i = 0; i < w->event_count; i++) {
		if (!span_eq(w->event[i].uid, uid))
			continue;
		f.others = any;
		f.before = f.last;
		f.last = i;
		any = true;
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
		    l->field == e->field && l->kind != EVENT_DELETE)
			return false;
	}
	return true;
}

/* A change that counts, made after the record was deleted. */
static bool
revived(const struct world *w, struct span uid, unsigned death)
{
	for (unsigned i = death + 1; i < w->event_count; i++) {
		const struct event *e = &w->event[i];

		if (span_eq(e->uid, uid) && (e->kind == EVENT_EDIT ||
		    e->kind == EVENT_CREATE || e->kind == EVENT_RESTORE) &&
		    !values_same(e->value, e->seen) && is_last_of_field(w, i))
			return true;
	}
	return false;
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

/* All events before this one had come to rest when it happened. */
static unsigned
quiet_before(const struct world *w, unsigned at)
{
	unsigned mark = 0;

	for (unsigned i = 0; i < w->quiet_count && w->quiet[i] <= at; i++)
		mark = w->quiet[i];
	return mark;
}

static void
life_of(struct world *w, const struct views *sides, struct span uid)
{
	struct fate f = fate_of(w, uid);
	bool live = invariants_find(&sides[0], uid) != NULL;

	if (!live && !f.died)
		world_fail(w, "gone: %.*s: nobody deleted it", SPAN_ARG(uid));
	if (w->restored) /* state forgot what it had seen */
		return;
	if (!live && revived(w, uid, f.death))
		world_fail(w, "gone: %.*s: edited after it was deleted",
		    SPAN_ARG(uid));
	if (live && f.died && f.last == f.death && !disputed(w, uid) &&
	    (!f.others || f.before < quiet_before(w, f.death)))
		world_fail(w, "undead: %.*s was deleted and is there",
		    SPAN_ARG(uid));
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
			if (all->item[i].value[CODE].len &&
			    all->item[i].value[CODE].ptr[0] == '"' &&
			    span_eq(all->item[i].value[CODE],
			    all->item[k].value[CODE]))
				world_fail(w, "duplicate: %s has code %.*s "
				    "twice", w->name[side],
				    SPAN_ARG(all->item[i].value[CODE]));
}

static bool
same_records(const struct world *w, const struct views *sides)
{
	for (int side = 1; side < w->sides; side++) {
		if (sides[side].count != sides[0].count)
			return false;
		for (unsigned i = 0; i < sides[0].count; i++)
			if (!invariants_find(&sides[side],
			    sides[0].item[i].uid))
				return false;
	}
	return true;
}

void
invariants_check(struct world *w, struct views *sides)
{
	struct span dump = quiesce(w);

	nothing_left(w, dump);
	for (unsigned i = 0; i < w->event_count; i++) {
		struct event *e = &w->event[i];

		e->uid = joined_uid(w, dump, e->side, e->id, e->uid);
	}
	for (int side = 0; side < w->sides; side++) {
		show(w, side, dump, &sides[side]);
		nothing_invented(w, &sides[side]);
		one_of_a_code(w, side, &sides[side]);
	}
	if (same_records(w, sides))
		for (unsigned i = 0; i < w->event_count; i++)
			life_of(w, sides, w->event[i].uid);
	converged(w, dump, sides);
	nothing_lost(w, dump, sides);
}
