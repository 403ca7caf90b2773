/* SPDX-License-Identifier: MIT */
#include "people.h"

#include <stdio.h>

#include "known.h"
#include "life.h"
#include "pick.h"
#include "random.h"

#define LATE (3 * 86400) /* s a late row is older than it should be */
#define MEMO_MOST 500 /* bytes */

/* What was written, as the field's value is known to us. */
struct written {
	const char *value;
	const char *before;
	struct span token, target;
	bool early, cut;
};

/*
 * Was any reading of it accepted?  What was refused is known by its id, and of
 * what was archived whenever it was read nothing but that.
 */
static bool
was_read(struct world *w, int side, const struct row *r)
{
	const struct known *k = known_find(&w->seen, side,
	    row_word(r, "id"));

	for (enum field f = 0; k && k->shown && f < FIELDS; f++)
		if (k->value[f])
			return true;
	return false;
}

/*
 * Since state was put back, nobody has read what another side has of it: what
 * stands there will be held against this one without a base.
 */
static bool
is_unread_elsewhere(struct world *w, int side, struct span uid)
{
	for (int other = 0; other < w->sides && w->restored; other++) {
		const struct store *s = world_store(w, other);

		for (unsigned i = 0; i < s->count && other != side; i++)
			if (span_eq(world_uid(w, other, s->row[i]), uid) &&
			    !was_read(w, other, s->row[i]))
				return true;
	}
	return false;
}

static struct event *
note(struct world *w, enum event_kind kind, int side, const struct row *r,
    int field, const char *value)
{
	struct known *k = known_find(&w->seen, side,
	    row_word(r, "id"));
	struct span uid = world_uid(w, side, r);
	struct event e = { .kind = kind, .side = side, .field = field,
		.id = row_word(r, "id"), .uid = uid, .stamp = uid,
		.value = value, .seen = values_never,
		.before = values_never };

	if (k && field >= 0)
		e.seen = k->value[field];
	if (k && kind == EVENT_RESTORE && !k->dead)
		e.seen = value; /* nobody had seen that it was gone */
	if (kind == EVENT_EDIT && !value && (e.seen == values_never ||
	    is_unread_elsewhere(w, side, e.uid)))
		e.seen = NULL; /* null without a base is no opinion */
	if (k && kind == EVENT_DELETE) {
		e.left = arena_alloc(&w->arena, sizeof k->value);
		memcpy(e.left, k->value, sizeof k->value);
	}
	if (w->event_count == EVENTS)
		world_fail(w, "test: too many events");
	w->event[w->event_count] = e;
	return &w->event[w->event_count++];
}

/* Somebody gave a field a value. */
static void
note_edit(struct world *w, int side, const struct row *r, enum field f,
    const struct written *x)
{
	struct event *e = note(w, EVENT_EDIT, side, r, (int)f, x->value);

	e->archived = !world_live(r);
	e->before = x->before;
	e->token = x->token;
	e->target = x->target;
	e->early = x->early;
	e->cut = x->cut;
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

/* A line more at the end, or at the beginning; never the same one twice. */
static void
write_memo(struct world *w, const struct act *a, struct buf *b,
    struct written *x)
{
	char token[16], *text;
	const char *old = x->before && x->before != values_never &&
	    strlen(x->before) < MEMO_MOST ? x->before : "";
	size_t size = strlen(old) + sizeof token + 2;

	snprintf(token, sizeof token, "<%u>", ++w->tokens);
	text = arena_alloc(&w->arena, size);
	if (!*old)
		snprintf(text, size, "%s", token);
	else if (a->value % 3 == 0)
		snprintf(text, size, "%s\n%s", token, old);
	else
		snprintf(text, size, "%s\n%s", old, token);
	x->value = text;
	x->token = arena_dup(&w->arena, span_str(token));
	json_put_string(b, span_str(text));
}

/* One that stands there; or the one that would be made next there. */
static void
write_parent(struct world *w, const struct act *a, const struct row *r,
    struct buf *b, struct written *x)
{
	unsigned n = a->kind == ACT_CREATE ? a->values[PARENT] : a->value;
	struct act other = { .kind = ACT_EDIT, .side = a->side, .n = n };
	const struct row *to = n < 5 ? pick_row(w, &other, pick_live) : NULL;
	char id[32], *uid;
	size_t size;

	snprintf(id, sizeof id, "%c%u", "xyz"[a->side], w->made + 1);
	x->target = to && to != r ? row_word(to, "id") : arena_dup(&w->arena,
	    span_str(id));
	x->early = !known_met(w, a->side, x->target);
	size = x->target.len + 32;
	uid = arena_alloc(&w->arena, size);
	if (to && to != r)
		snprintf(uid, size, "%.*s", SPAN_ARG(world_uid(w, a->side,
		    to)));
	else
		snprintf(uid, size, "%s:thing:%s", w->name[a->side], id);
	x->value = uid;
	json_put_string(b, x->target);
}

static struct written
set_field(struct world *w, const struct act *a, struct row *r, enum field f,
    unsigned value, unsigned way)
{
	char room[2048];
	struct buf b = { .ptr = room, .room = sizeof room, .cap = sizeof room,
		.what = "value" };
	struct written x = { .before = world_shows(w, a->side, r, f) };

	if (f == NAME && w->history->cuts & 1u << a->side) {
		x.cut = values_whole(row_text(r, values_native(a->side, f),
		    &w->json, &w->arena));
		value = values_short(value);
	}
	if (f == MEMO) {
		write_memo(w, a, &b, &x);
	} else if (f == PARENT) {
		write_parent(w, a, r, &b, &x);
	} else {
		x.value = values_canonical(f, value);
		values_write(&b, a->side, f, value, way);
	}
	row_set(r, values_native(a->side, f), arena_dup(&w->arena,
	    buf_view(&b)));
	return x;
}

/*
 * One record of a code on a side, and those of all sides before any of them is
 * read: else they cannot be told from copies that we made, and the code is of
 * several.  Nor can one that says it stood there long before, and came when the
 * other side had been read already.
 */
static bool
takes_code(struct world *w, const struct act *a, unsigned code)
{
	unsigned side = 1u << a->side;
	bool late = a->style & STYLE_TIME && a->style & STYLE_LATE;
	bool clear = !(w->coded[code] & side) && (!w->coded[code] ||
	    w->coded_at[code] == w->readings) && !(w->midway && late);

	if (!w->history->match || !(a->fields & 1u << CODE) ||
	    (!clear && !w->history->ambiguous))
		return false;
	if (!clear)
		w->ambiguous |= 1u << code;
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
		struct written x;

		if (!world_has(w, f) || (f == CODE ? !takes_code(w, a,
		    a->values[f] % CODES) : !(a->fields & 1u << f)))
			continue;
		x = set_field(w, a, r, f, a->values[f], a->ways[f]);
		x.before = values_never;
		note_edit(w, a->side, r, f, &x);
	}
	note(w, EVENT_CREATE, a->side, r, -1, NULL);
	s->row[s->count++] = r;
	write_row(w, a, r);
}

static void
edit(struct world *w, const struct act *a)
{
	struct row *r = a->style & STYLE_ARCHIVED ? pick_row(w, a,
	    pick_archived) : NULL;
	struct span then;
	struct written x;

	r = r ? r : pick_row(w, a, pick_live);
	if (!r || !world_has(w, a->field))
		return;
	then = row_get(r, values_native(a->side, a->field));
	x = set_field(w, a, r, a->field, a->value, a->way);
	write_row(w, a, r);
	if (!values_same(x.before, x.value))
		note_edit(w, a->side, r, a->field, &x);
	else if (!span_eq(then, row_get(r, values_native(a->side,
	    a->field))))
		note(w, EVENT_REWRITE, a->side, r, a->field, x.value);
}

static void
clear(struct world *w, const struct act *a)
{
	struct row *r = pick_row(w, a, pick_has_field);
	const char *native = values_native(a->side, a->field), *before;
	struct event *e;
	bool early;

	if (!r)
		return;
	before = world_shows(w, a->side, r, a->field);
	early = a->field == PARENT && (!known_met(w, a->side,
	    row_word(r, native)) || life_begins(w, a->side, row_word(r,
	    native)));
	if (a->null)
		row_set(r, native, SPAN("null"));
	else
		row_drop(r, native);
	write_row(w, a, r);
	e = note(w, a->null ? EVENT_EDIT : EVENT_ABSENT, a->side, r,
	    (int)a->field, NULL);
	e->before = before;
	e->early = early;
}

/* A bit for the code it shows, if records are joined by that. */
static unsigned
code_of(struct world *w, const struct row *r, int side)
{
	const char *code = world_shows(w, side, r, CODE);
	int n = code ? values_index(CODE, code) : -1;

	return w->history->match && n >= 0 ? 1u << n : 0;
}

/* Nobody can tell it by its code from what was made of it meanwhile. */
static void
blur_code(struct world *w, const struct row *r, int side)
{
	w->ambiguous |= code_of(w, r, side);
}

/*
 * What could not be used before it was known, or is the same elsewhere: once
 * one of them is deleted, the other is another one.
 */
static void
end(struct world *w, const struct row *r, int side)
{
	w->ambiguous |= code_of(w, r, side) & w->unmet;
	note(w, EVENT_DELETE, side, r, -1, NULL);
}

static void
spoil(struct world *w, const struct act *a)
{
	struct row *r = pick_row(w, a, pick_live);

	if (!r)
		return;
	row_set(r, values_native(a->side, a->field),
	    span_str(values_wrong(a->field)));
	write_row(w, a, r);
	note(w, EVENT_BAD, a->side, r, (int)a->field, NULL);
	if (!known_find(&w->seen, a->side, row_word(r, "id")))
		w->unmet |= code_of(w, r, a->side);
}

static void
archive(struct world *w, const struct act *a)
{
	struct row *r = pick_row(w, a, pick_live);

	if (!r)
		return;
	row_set(r, "archived", SPAN("true"));
	write_row(w, a, r);
	end(w, r, a->side);
}

static void
unarchive(struct world *w, const struct act *a)
{
	struct row *r = pick_row(w, a, pick_archived);

	if (!r)
		return;
	row_set(r, "archived", SPAN("false"));
	write_row(w, a, r);
	note(w, EVENT_RESTORE, a->side, r, -1, NULL);
}

/* Where it was merged and nobody has read that, it is just gone. */
static void
take_out(struct world *w, const struct act *a)
{
	struct store *s = world_store(w, a->side);
	int at = pick_at(w, a, pick_any);
	const struct known *k;
	struct row *r;

	if (at < 0 || w->removed_count[a->side] == REMOVED)
		return;
	r = s->row[at];
	w->removed[a->side][w->removed_count[a->side]++] = r->line;
	s->count--;
	memmove(&s->row[at], &s->row[at + 1],
	    (s->count - (unsigned)at) * sizeof(struct row *));
	world_put_store(w, a->side);
	k = known_find(&w->seen, a->side, row_word(r, "id"));
	if (world_live(r) || (world_merged(r) && k && !k->dead))
		end(w, r, a->side);
	for (unsigned i = 0; i < w->event_count; i++)
		if (w->event[i].archived && w->event[i].side == a->side &&
		    span_eq(w->event[i].id, row_word(r, "id")))
			w->event[i].kind = EVENT_BAD; /* it went with it */
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

/* What it had then it has again, though it is not to be seen as yet. */
static void
note_old_values(struct world *w, int side, const struct row *r)
{
	for (enum field f = 0; f < FIELDS; f++) {
		const char *value = f == PARENT || !world_has(w, f) ?
		    values_bad : world_shows(w, side, r, f);

		if (value != values_bad)
			note(w, EVENT_EDIT, side, r, (int)f,
			    value)->archived = true;
	}
}

/* A line taken out is put back as it was. */
static void
put_back(struct world *w, const struct act *a)
{
	struct store *s = world_store(w, a->side), one;
	unsigned *count = &w->removed_count[a->side], at;
	struct span *lines = w->removed[a->side], line;
	char text[4096];

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
	blur_code(w, one.row[0], a->side);
	if (world_live(one.row[0]))
		note(w, EVENT_RESTORE, a->side, one.row[0], -1, NULL);
	else
		note_old_values(w, a->side, one.row[0]);
}

/* Its id on that side, if it and the other live there. */
static struct span
second_there(struct world *w, int side, const struct merged *m)
{
	const struct store *s = world_store(w, side);
	struct span id = SPAN("");
	bool both = false;

	for (unsigned i = 0; i < s->count; i++) {
		struct span uid = world_uid(w, side, s->row[i]);

		if (!world_live(s->row[i]))
			continue;
		both |= span_eq(uid, m->winner);
		if (span_eq(uid, m->loser))
			id = row_word(s->row[i], "id");
	}
	return both ? id : SPAN("");
}

/* One of two live records becomes the other. */
static void
merge(struct world *w, const struct act *a)
{
	struct act other = *a;
	struct row *r = pick_row(w, a, pick_live), *into;
	struct merged m = { .side = a->side };
	const struct known *was;

	other.n = a->n + 1 + a->value;
	into = pick_row(w, &other, pick_live);
	if (!w->history->merges || !r || r == into ||
	    w->merged_count == MERGED)
		return;
	m.id = row_word(r, "id");
	m.into = row_word(into, "id");
	m.loser = world_uid(w, a->side, r);
	m.winner = world_uid(w, a->side, into);
	for (int side = 0; side < w->sides; side++)
		if (side != a->side)
			m.second[side] = second_there(w, side, &m);
	was = known_find(&w->seen, a->side, row_word(r, "id"));
	if (was)
		memcpy(m.value, was->value, sizeof m.value);
	row_set(r, "merged_into", row_get(into, "id"));
	write_row(w, a, r);
	w->merged[w->merged_count++] = m;
	note(w, EVENT_MERGE, a->side, r, -1, NULL);
	note(w, EVENT_MERGE, a->side, into, -1, NULL);
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
		[ACT_RESTORE] = put_back, [ACT_REORDER] = reorder,
		[ACT_MERGE] = merge
	};

	w->now++;
	acts[a->kind](w, a);
}

/* ---- putting right ---- */

static void
mend_field(struct world *w, struct row *r, int side, enum field f)
{
	const struct act a = { .kind = ACT_EDIT, .side = side };

	w->now++;
	if (f == PARENT)
		row_set(r, values_native(side, f), SPAN("null"));
	else
		(void)set_field(w, &a, r, f, 0, 0);
	row_write(r, false, &w->arena);
	world_put_store(w, side);
	note(w, EVENT_MEND, side, r, (int)f, NULL)->archived = !world_live(r);
}

/* It is of a record that nobody ever saw there: none will come. */
static bool
dangles(struct world *w, int side, const struct row *r)
{
	struct span id = row_word(r, values_native(side, PARENT));
	const struct row *to = id.len && world_has(w, PARENT) ?
	    world_find(w, side, id) : NULL;

	return id.len && world_has(w, PARENT) && (!to || !world_live(to)) &&
	    !known_find(&w->seen, side, id);
}

static void
mend_row(struct world *w, int side, struct row *r)
{
	for (enum field f = 0; f < FIELDS; f++)
		if (world_shows(w, side, r, f) == values_bad)
			mend_field(w, r, side, f);
	if (dangles(w, side, r))
		mend_field(w, r, side, PARENT);
}

static bool
has_dangling(struct world *w)
{
	for (int side = 0; side < w->sides; side++)
		for (unsigned i = 0; i < world_store(w, side)->count; i++)
			if (dangles(w, side, w->store[side].row[i]))
				return true;
	return false;
}

bool
people_left_bad(struct world *w)
{
	for (int side = 0; side < w->sides; side++)
		for (unsigned i = 0; i < world_store(w, side)->count; i++)
			for (enum field f = 0; f < FIELDS; f++)
				if (world_shows(w, side, w->store[side].row[i],
				    f) == values_bad)
					return true;
	return has_dangling(w);
}

void
people_mend(struct world *w)
{
	for (int side = 0; side < w->sides; side++)
		for (unsigned i = 0; i < world_store(w, side)->count; i++)
			mend_row(w, side, w->store[side].row[i]);
}
