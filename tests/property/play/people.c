/* SPDX-License-Identifier: MIT */
#include "people.h"

#include <stdio.h>

#include "random.h"

#define LATE (3 * 86400) /* s a late row is older than it should be */

static void
note(struct world *w, enum event_kind kind, int side, const struct row *r,
    int field, const char *value)
{
	struct known *k = world_find_known(&w->seen, side,
	    row_word(r, "id"));
	struct event e = { kind, side, field, row_word(r, "id"),
		world_uid(w, side, r), value, values_never };

	if (k && field >= 0)
		e.seen = k->value[field];
	if (k && kind == EVENT_RESTORE && !k->dead)
		e.seen = value; /* nobody had seen that it was gone */
	if (kind == EVENT_EDIT && !value && e.seen == values_never)
		e.seen = NULL; /* null without a base is no opinion */
	if (w->event_count == EVENTS)
		world_fail(w, "test: too many events");
	w->event[w->event_count++] = e;
}

/* ---- picking one ---- */

static bool
any(const struct row *r, const struct act *a)
{
	(void)a;
	return r != NULL;
}

static bool
live(const struct row *r, const struct act *a)
{
	(void)a;
	return world_live(r);
}

static bool
archived(const struct row *r, const struct act *a)
{
	return !live(r, a);
}

static bool
has_field(const struct row *r, const struct act *a)
{
	struct span json = row_get(r, values_native(a->side, a->field));

	return world_live(r) && json.ptr && !span_eq(json, SPAN("null"));
}

/* What is left of an id without the names of systems. */
static struct span
bare_id(const struct row *r)
{
	struct span id = row_word(r, "id");

	for (size_t i = id.len; i > 0; i--)
		if (id.ptr[i - 1] == ':')
			return span_of(id.ptr + i, id.len - i);
	return id;
}

/* The act's nth of those wanted, in an order names do not change; or -1. */
static int
pick(struct world *w, const struct act *a,
    bool (*wanted)(const struct row *, const struct act *))
{
	const struct store *s = world_store(w, a->side);
	int found[STORE_ROWS], n = 0, at;

	for (unsigned i = 0; i < s->count; i++) {
		if (!wanted(s->row[i], a))
			continue;
		for (at = n++; at > 0 && span_cmp(bare_id(s->row[i]),
		    bare_id(s->row[found[at - 1]])) < 0; at--)
			found[at] = found[at - 1];
		found[at] = (int)i;
	}
	return n ? found[a->n % (unsigned)n] : -1;
}

static struct row *
pick_row(struct world *w, const struct act *a,
    bool (*wanted)(const struct row *, const struct act *))
{
	int at = pick(w, a, wanted);

	return at < 0 ? NULL : world_store(w, a->side)->row[at];
}

/* ---- changing it ---- */

static void
set_time(struct world *w, const struct act *a, struct row *r)
{
	char now[32], json[40];

	if (!(a->style & STYLE_TIME))
		return;
	world_clock(w, a->style & STYLE_LATE ? LATE : 0, now);
	snprintf(json, sizeof json, "\"%.19s.000Z\"", now);
	row_set(r, "modified", arena_dup(&w->arena, span_str(json)));
}

static void
write_row(struct world *w, const struct act *a, struct row *r)
{
	set_time(w, a, r);
	if (a->style & STYLE_UNTAGGED)
		row_drop(r, "version");
	row_write(r, a->style & STYLE_ASCII, &w->arena);
	world_put_store(w, a->side);
}

static void
set_field(struct world *w, struct row *r, int side, enum field f,
    unsigned value, unsigned way)
{
	char room[128];
	struct buf b = { .ptr = room, .room = sizeof room, .cap = sizeof room,
		.what = "value" };

	values_write(&b, side, f, value, way);
	row_set(r, values_native(side, f), arena_dup(&w->arena,
	    buf_view(&b)));
}

/*
 * One record of a code on a side, and those of all sides before any of them is
 * read: else they cannot be told from copies that we made.
 */
static bool
takes_code(struct world *w, const struct act *a, unsigned code)
{
	unsigned side = 1u << a->side;

	if (!w->history->match || !(a->fields & 1u << CODE) ||
	    w->coded[code] & side ||
	    (w->coded[code] && w->coded_at[code] != w->readings))
		return false;
	w->coded[code] |= side;
	w->coded_at[code] = w->readings;
	return true;
}

/* The same name on either side of a swap: no name of a system in it. */
static void
create(struct world *w, const struct act *a)
{
	struct store *s = world_store(w, a->side);
	struct row *r = arena_zero(&w->arena, sizeof *r);
	char id[32];

	if (s->count == STORE_ROWS)
		return;
	snprintf(id, sizeof id, "\"%c%u\"", "xyz"[a->side], ++w->made);
	row_set(r, "id", arena_dup(&w->arena, span_str(id)));
	for (enum field f = 0; f < FIELDS; f++) {
		if (f == CODE ? !takes_code(w, a, a->values[f] % CODES) :
		    !(a->fields & 1u << f))
			continue;
		set_field(w, r, a->side, f, a->values[f], a->ways[f]);
		note(w, EVENT_EDIT, a->side, r, f, values_canonical(f,
		    a->values[f]));
	}
	note(w, EVENT_CREATE, a->side, r, -1, NULL);
	s->row[s->count++] = r;
	write_row(w, a, r);
}

static void
edit(struct world *w, const struct act *a)
{
	struct row *r = pick_row(w, a, live);
	const char *value = values_canonical(a->field, a->value), *before;

	if (!r)
		return;
	before = world_shows(w, a->side, r, a->field);
	set_field(w, r, a->side, a->field, a->value, a->way);
	write_row(w, a, r);
	if (!values_same(before, value))
		note(w, EVENT_EDIT, a->side, r, a->field, value);
}

static void
clear(struct world *w, const struct act *a)
{
	struct row *r = pick_row(w, a, has_field);
	const char *native = values_native(a->side, a->field);

	if (!r)
		return;
	if (a->null)
		row_set(r, native, SPAN("null"));
	else
		row_drop(r, native);
	write_row(w, a, r);
	note(w, a->null ? EVENT_EDIT : EVENT_ABSENT, a->side, r, a->field,
	    NULL);
}

static void
spoil(struct world *w, const struct act *a)
{
	struct row *r = pick_row(w, a, live);

	if (!r)
		return;
	row_set(r, values_native(a->side, a->field),
	    span_str(values_wrong(a->field)));
	write_row(w, a, r);
	note(w, EVENT_BAD, a->side, r, a->field, NULL);
}

static void
archive(struct world *w, const struct act *a)
{
	struct row *r = pick_row(w, a, live);

	if (!r)
		return;
	row_set(r, "archived", SPAN("true"));
	write_row(w, a, r);
	note(w, EVENT_DELETE, a->side, r, -1, NULL);
}

static void
unarchive(struct world *w, const struct act *a)
{
	struct row *r = pick_row(w, a, archived);

	if (!r)
		return;
	row_set(r, "archived", SPAN("false"));
	write_row(w, a, r);
	note(w, EVENT_RESTORE, a->side, r, -1, NULL);
}

static void
take_out(struct world *w, const struct act *a)
{
	struct store *s = world_store(w, a->side);
	int at = pick(w, a, any);
	struct row *r;

	if (at < 0 || w->removed_count[a->side] == REMOVED)
		return;
	r = s->row[at];
	w->removed[a->side][w->removed_count[a->side]++] = r->line;
	s->count--;
	memmove(&s->row[at], &s->row[at + 1],
	    (s->count - (unsigned)at) * sizeof(struct row *));
	world_put_store(w, a->side);
	if (world_live(r))
		note(w, EVENT_DELETE, a->side, r, -1, NULL);
}

static bool
is_there(struct world *w, int side, struct span uid)
{
	const struct store *s = world_store(w, side);

	for (unsigned i = 0; i < s->count; i++)
		if (span_eq(world_uid(w, side, s->row[i]), uid))
			return true;
	return false;
}

/* A line taken out is put back as it was. */
static void
put_back(struct world *w, const struct act *a)
{
	struct store *s = world_store(w, a->side), one;
	unsigned *count = &w->removed_count[a->side], at;
	struct span *lines = w->removed[a->side], line;
	char text[2048];

	if (!*count)
		return;
	at = a->n % *count;
	line = lines[at];
	memmove(&lines[at], &lines[at + 1], (--*count - at) * sizeof line);
	snprintf(text, sizeof text, "%.*s\n", SPAN_ARG(line));
	line = arena_dup(&w->arena, span_str(text));
	if (!store_parse(&one, line, &w->json, &w->arena) ||
	    s->count == STORE_ROWS ||
	    is_there(w, a->side, world_uid(w, a->side, one.row[0])))
		return;
	s->row[s->count++] = one.row[0];
	world_put_store(w, a->side);
	if (world_live(one.row[0]))
		note(w, EVENT_RESTORE, a->side, one.row[0], -1, NULL);
}

static void
reorder(struct world *w, const struct act *a)
{
	struct store *s = world_store(w, a->side);
	uint64_t r = a->n * 31 + a->value;

	for (unsigned i = s->count; i > 1; i--) {
		unsigned other = random_below(&r, i);
		struct row *row = s->row[other];

		s->row[other] = s->row[i - 1];
		s->row[i - 1] = row;
	}
	world_put_store(w, a->side);
}

void
people_act(struct world *w, const struct act *a)
{
	static void (*const acts[])(struct world *, const struct act *) = {
		[ACT_CREATE] = create, [ACT_EDIT] = edit, [ACT_CLEAR] = clear,
		[ACT_BAD] = spoil, [ACT_ARCHIVE] = archive,
		[ACT_UNARCHIVE] = unarchive, [ACT_REMOVE] = take_out,
		[ACT_RESTORE] = put_back, [ACT_REORDER] = reorder
	};

	w->now++;
	acts[a->kind](w, a);
}

/* ---- values ---- */

static void
mend_row(struct world *w, int side, struct row *r)
{
	for (enum field f = 0; f < FIELDS; f++) {
		if (world_shows(w, side, r, f) != values_bad)
			continue;
		w->now++;
		set_field(w, r, side, f, 0, 0);
		row_write(r, false, &w->arena);
		world_put_store(w, side);
		if (world_live(r))
			note(w, EVENT_MEND, side, r, f, NULL);
	}
}

void
people_mend(struct world *w)
{
	for (int side = 0; side < w->sides; side++)
		for (unsigned i = 0; i < world_store(w, side)->count; i++)
			mend_row(w, side, w->store[side].row[i]);
}

static void
reformat_field(struct world *w, struct row *r, int side, enum field f,
    unsigned n)
{
	char room[128];
	struct buf b = { .ptr = room, .room = sizeof room, .cap = sizeof room,
		.what = "value" };

	values_reformat(&b, side, f, n);
	row_set(r, values_native(side, f), arena_dup(&w->arena,
	    buf_view(&b)));
}

static bool
reformat_row(struct world *w, int side, struct row *r)
{
	bool changed = false;

	for (enum field f = 0; f < FIELDS; f++) {
		const char *now = world_shows(w, side, r, f);
		int n = now ? values_index(f, now) : -1;
		struct span before = row_get(r, values_native(side, f));

		if (n < 0)
			continue;
		reformat_field(w, r, side, f, (unsigned)n);
		changed |= !span_eq(before, row_get(r, values_native(side,
		    f)));
	}
	if (changed)
		row_write(r, false, &w->arena);
	return changed;
}

void
people_reformat(struct world *w, int side)
{
	const struct store *s = world_store(w, side);
	bool changed = false;

	for (unsigned i = 0; i < s->count; i++)
		changed |= reformat_row(w, side, s->row[i]);
	if (changed)
		world_put_store(w, side);
}
