/* SPDX-License-Identifier: MIT */
#include "rounds.h"

#include <stdio.h>

#include "../../../src/lib/limits.h"
#include "known.h"
#include "people.h"
#include "streams.h"

#define PATH 48
#define DAY 86400

/* One sync; two may be under way at once, told apart by `which`. */
struct sync {
	struct world *w;
	const struct step *s; /* its fault, or NULL */
	int which;
	unsigned run;
	bool cut;             /* something broke off */
	struct known_list shown;
};

static bool
has_fault(const struct sync *y, enum fault fault, int side)
{
	return y->s && y->s->fault == fault && y->s->side == side;
}

static struct sync
begin(struct world *w, const struct step *s, int which)
{
	return (struct sync){ .w = w, .s = s, .which = which,
		.run = ++w->runs };
}

/* The world's commands are this sync's for now. */
static unsigned
enter(const struct sync *y)
{
	y->w->runs = y->run;
	return y->cut ? MAY_BREAK : MAY_DO;
}

static const char *
path(const struct sync *y, char room[PATH], const char *what, int side)
{
	snprintf(room, PATH, "%s%s%s.%d", what, side < 0 ? "" : ".",
	    side < 0 ? "" : y->w->name[side], y->which);
	return room;
}

/* ---- reading ---- */

static void
maybe_cut(struct sync *y, int side, unsigned stage, const char *file)
{
	size_t size = streams_view(file).len;

	if (!has_fault(y, FAULT_CUT, side) || y->s->stage != stage)
		return;
	size = (size_t)((double)size * y->s->share);
	streams_cut(file, size);
	world_note(y->w, "truncate -s %zu %s", size, file);
	y->cut = true;
}

static void
extract(struct sync *y, int side, const char *out)
{
	char mapping[32], limit[16];
	char *name = (char *)y->w->name[side];
	unsigned most = 1 + y->w->history->seed % 3;
	bool part = has_fault(y, FAULT_LIMIT, side);

	y->w->readings++;
	snprintf(mapping, sizeof mapping, "thing.%s", name);
	snprintf(limit, sizeof limit, "%u", most);
	world_run(y->w, enter(y), NULL, out, "crm-extract", name, "thing",
	    "-m", mapping, part ? "--limit" : NULL, limit, NULL);
	known_read(y->w, side, part ? most : STORE_ROWS, &y->shown);
}

static void
read_side(struct sync *y, int side)
{
	char a[PATH], b[PATH], c[PATH], mapping[32];

	path(y, a, "read", side);
	path(y, b, "map", side);
	path(y, c, "diff", side);
	extract(y, side, a);
	maybe_cut(y, side, 0, a);
	snprintf(mapping, sizeof mapping, "thing.%s", y->w->name[side]);
	world_run(y->w, enter(y), a, b, "crm-map", mapping, NULL);
	maybe_cut(y, side, 1, b);
	world_run(y->w, enter(y), b, c, "crm-diff", NULL);
	maybe_cut(y, side, 2, c);
}

/* ---- deciding ---- */

static void
join_changes(struct sync *y, const char *to)
{
	char part[PATH];
	struct buf all;

	buf_init(&all, LIMIT_LINE, "changes");
	world_note(y->w, ": > %s", to);
	for (int side = 0; side < y->w->sides; side++) {
		unsigned times = 1 + has_fault(y, FAULT_DOUBLE, side);

		if (has_fault(y, FAULT_WITHOUT, side))
			continue;
		path(y, part, "diff", side);
		for (; times; times--) {
			buf_span(&all, streams_view(part));
			world_note(y->w, "cat %s >> %s", part, to);
		}
	}
	streams_put(to, buf_view(&all));
	buf_free(&all);
}

static enum field
field_of(struct span name)
{
	enum field f = 0;

	while (f < FIELDS && !span_eq(span_str(values_field(f)), name))
		f++;
	return f;
}

static int
side_of(const struct world *w, struct span name)
{
	int side = 0;

	while (side < w->sides && !span_eq(span_str(w->name[side]), name))
		side++;
	return side;
}

static void
take_rule(struct plan_line *l, enum field f, struct span rule)
{
	static const struct {
		const char *rule;
		enum weight weight;
	} all[] = { { "max", WEIGHT_MOST }, { "jq", WEIGHT_MOST },
		{ "command", WEIGHT_MOST }, { "min", WEIGHT_LEAST },
		{ "longest", WEIGHT_LONGEST }, { "append", WEIGHT_ALL },
		{ "union", WEIGHT_ALL } };

	if (f >= FIELDS || span_eq(rule, SPAN("changed")))
		return;
	l->ruled |= 1u << f;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (span_eq(rule, span_str(all[i].rule)))
			l->weight[f] = all[i].weight;
}

/* Which fields it writes, and which of them a rule decided. */
static void
take_fields(struct world *w, struct plan_line *l)
{
	struct json *j = &w->json;
	uint32_t fields = json_get(j, 0, SPAN("fields"));
	uint32_t why = json_get(j, 0, SPAN("why"));

	if (l->conflict) {
		l->fields = l->ruled = 1u << field_of(json_get_string(j, 0,
		    SPAN("field"), &w->arena));
		return;
	}
	if (fields)
		for (JSON_EACH(j, fields, key, value)) {
			enum field f = field_of(json_inner(j, key));

			l->fields |= 1u << f;
			if (f < FIELDS)
				l->value[f] = arena_dup(&w->arena,
				    json_text(j, value));
		}
	if (why)
		for (JSON_EACH(j, why, key2, value2))
			take_rule(l, field_of(json_inner(j, key2)),
			    json_get_string(j, value2, SPAN("rule"),
			    &w->arena));
}

static void
take_line(struct world *w, struct plan *p, struct span text)
{
	struct plan_line *l = &p->line[p->count];
	struct json *j = &w->json;
	struct span type;
	struct err e;

	if (json_parse(j, text, &e))
		world_fail(w, "test: a line of a plan: %s", e.text);
	type = json_get_string(j, 0, SPAN("type"), &w->arena);
	*l = (struct plan_line){ .conflict = span_eq(type,
	    SPAN("conflict")) };
	if (!l->conflict && !span_eq(type, SPAN("operation")))
		return;
	l->side = side_of(w, json_get_string(j, 0, SPAN("system"),
	    &w->arena));
	l->uid = arena_dup(&w->arena, json_get_string(j, 0, SPAN("uid"),
	    &w->arena));
	take_fields(w, l);
	p->count++;
}

static unsigned
count_lines(struct span text)
{
	unsigned n = 0;

	for (size_t i = 0; i < text.len; i++)
		n += text.ptr[i] == '\n';
	return n;
}

static void
take_plan(struct world *w, struct span text)
{
	const char *at = text.ptr, *end = text.ptr + text.len, *nl;
	struct plan *p = &w->plan[w->plan_count];

	if (w->plan_count == PLANS)
		world_fail(w, "test: too many plans");
	p->events = w->event_count;
	p->count = 0;
	p->line = arena_alloc(&w->arena, (count_lines(text) + 1) *
	    sizeof *p->line);
	for (; at < end; at = nl + 1) {
		nl = memchr(at, '\n', (size_t)(end - at));
		if (!nl)
			break;
		take_line(w, p, span_of(at, (size_t)(nl - at)));
	}
	w->plan_count++;
}

/* Where a section broke off before it began, the others' were decided. */
static void
learn_shown(struct sync *y, bool decided)
{
	struct known_list whole = { 0 };

	if (y->cut && !decided)
		return;
	whole.items = y->shown.items;
	for (unsigned i = 0; i < y->shown.count; i++)
		if (!y->cut || y->shown.items[i].side != y->s->side)
			whole.items[whole.count++] = y->shown.items[i];
	known_learn(y->w, &whole);
}

static void
resolve(struct sync *y)
{
	char changes[PATH], plan[PATH];
	int status;

	path(y, changes, "changes", -1);
	path(y, plan, "plan", -1);
	join_changes(y, changes);
	status = world_run(y->w, enter(y), changes, plan, "crm-resolve",
	    "thing", "--max-deletes", "10000", "--max-clears", "10000", NULL);
	take_plan(y->w, streams_view(plan));
	learn_shown(y, status < 3);
}

/* ---- delivering ---- */

/* Half of a side's operations, whatever the systems are called. */
static bool
is_dropped(const struct sync *y, int side, struct span line)
{
	struct world *w = y->w;
	unsigned sum = y->s->n;
	struct span uid;
	struct err e;

	if (json_parse(&w->json, line, &e) ||
	    !span_eq(json_get_string(&w->json, 0, SPAN("type"), &w->arena),
	    SPAN("operation")) ||
	    !span_eq(json_get_string(&w->json, 0, SPAN("system"), &w->arena),
	    span_str(w->name[side])))
		return false;
	uid = json_get_string(&w->json, 0, SPAN("uid"), &w->arena);
	for (size_t i = uid.len; i > 0 && uid.ptr[i - 1] != ':'; i--)
		sum += (unsigned char)uid.ptr[i - 1];
	return sum % 2;
}

static void
filter_plan(struct sync *y, int side, const char *plan, const char *out)
{
	struct span text = streams_view(plan);
	const char *at = text.ptr, *end = text.ptr + text.len, *nl;
	struct buf some;

	buf_init(&some, LIMIT_LINE, "plan");
	for (; at < end; at = nl + 1) {
		nl = memchr(at, '\n', (size_t)(end - at));
		nl = nl ? nl : end - 1;
		if (!is_dropped(y, side, span_of(at, (size_t)(nl - at))))
			buf_put(&some, at, (size_t)(nl + 1 - at));
	}
	streams_put(out, buf_view(&some));
	world_note_text(y->w, out, buf_view(&some));
	buf_free(&some);
}

static void
run_load(struct sync *y, int side, const char *plan, bool subset)
{
	char out[PATH];

	world_run(y->w, enter(y), plan, path(y, out, "receipts", side),
	    "crm-load", y->w->name[side], subset ? "--subset" : NULL, NULL);
	world_stamp(y->w, side);
	if (y->w->history->reformats & 1u << side)
		people_reformat(y->w, side);
}

/* What we wrote there is what was last seen there. */
static void
learn_written(struct sync *y, int side, struct known_list *before)
{
	struct known_list after = { 0 }, ours = { 0 };

	known_read(y->w, side, STORE_ROWS, &after);
	ours.items = after.items;
	for (unsigned i = 0; i < after.count; i++) {
		struct known *now = &after.items[i];
		const struct known *then = known_find(before, side,
		    now->id), *seen = known_find(&y->w->seen, side,
		    now->id);

		now->silent &= ~(1u << PARENT); /* we know whom we wrote */

		if (then && !seen)
			continue; /* somebody's, and not read yet */
		if (then && then->dead == now->dead)
			now->dead = seen->dead;
		for (enum field f = 0; then && f < FIELDS; f++)
			if (values_same(now->value[f], then->value[f]))
				now->silent |= 1u << f;
		ours.items[ours.count++] = *now;
	}
	known_learn(y->w, &ours);
}

static void
load(struct sync *y, int side)
{
	struct known_list before = { 0 };
	char plan[PATH], some[PATH];
	bool grep = has_fault(y, FAULT_GREP, side);

	if (has_fault(y, FAULT_NOLOAD, side))
		return;
	path(y, plan, "plan", -1);
	if (grep)
		filter_plan(y, side, plan, path(y, some, "some", -1));
	known_read(y->w, side, STORE_ROWS, &before);
	for (int n = has_fault(y, FAULT_TWICE, side); n >= 0; n--)
		run_load(y, side, grep ? some : plan, grep);
	learn_written(y, side, &before);
}

static void
load_pending(struct sync *y, int side)
{
	struct known_list before = { 0 };
	char out[PATH];

	known_read(y->w, side, STORE_ROWS, &before);
	world_run(y->w, enter(y), NULL, path(y, out, "receipts", side),
	    "crm-load", y->w->name[side], "--pending", NULL);
	world_stamp(y->w, side);
	if (y->w->history->reformats & 1u << side)
		people_reformat(y->w, side);
	learn_written(y, side, &before);
}

/* ---- whole rounds ---- */

static void
people_at(struct world *w, const struct step *s, int place)
{
	for (unsigned i = 0; i < s->hooks; i++)
		if (s->hook[i].place == place)
			people_act(w, &s->hook[i].act);
}

static void
one_after_the_other(struct world *w, const struct step *s)
{
	struct sync y = begin(w, s, 1);

	for (int side = 0; side < w->sides; side++) {
		if (!has_fault(&y, FAULT_WITHOUT, side))
			read_side(&y, side);
		people_at(w, s, PLACE_READ + side);
	}
	people_at(w, s, PLACE_PLAN);
	resolve(&y);
	for (int side = 0; side < w->sides; side++) {
		people_at(w, s, PLACE_LOAD + side);
		load(&y, side);
	}
}

static void
two_at_once(struct world *w, const struct step *s)
{
	struct sync both[2] = { begin(w, NULL, 1), begin(w, NULL, 2) };

	for (int i = 0; i < ORDER_STEPS; i++) {
		const char *step = history_orders[s->n][i];
		struct sync *y = &both[step[1] - '1'];

		people_at(w, s, i);
		if (step[0] == 'R')
			resolve(y);
		for (int side = 0; side < w->sides; side++)
			if (step[0] == 'X')
				read_side(y, side);
			else if (step[0] == 'L')
				load(y, side);
	}
	w->runs = both[1].run;
}

void
rounds_disturbed(struct world *w, const struct step *s)
{
	w->midway = true;
	if (s->fault == FAULT_ORDER)
		two_at_once(w, s);
	else
		one_after_the_other(w, s);
	w->midway = false;
	w->now += 1200;
}

void
rounds_clean(struct world *w)
{
	struct sync y = begin(w, NULL, 1);

	for (int side = 0; side < w->sides; side++)
		read_side(&y, side);
	resolve(&y);
	for (int side = 0; side < w->sides; side++)
		load(&y, side);
	for (int side = 0; side < w->sides; side++)
		load_pending(&y, side);
	w->now += DAY;
}
