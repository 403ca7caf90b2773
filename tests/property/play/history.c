/* SPDX-License-Identifier: MIT */
#include "history.h"

#include <stdlib.h>

#include "random.h"

#define ALL_STYLES 16

const char *const history_orders[ORDERS][ORDER_STEPS] = {
	{ "X1", "X2", "R1", "L1", "R2", "L2" },
	{ "X1", "R1", "X2", "L1", "R2", "L2" },
	{ "X1", "X2", "R1", "R2", "L1", "L2" },
	{ "X1", "X2", "R2", "R1", "L2", "L1" },
	{ "X1", "R1", "X2", "R2", "L2", "L1" },
	{ "X1", "X2", "R1", "R2", "L2", "L1" },
};

/* How often of 30 people do what. */
static const unsigned char weights[] = {
	[ACT_CREATE] = 4, [ACT_EDIT] = 14, [ACT_CLEAR] = 3, [ACT_BAD] = 1,
	[ACT_ARCHIVE] = 2, [ACT_UNARCHIVE] = 2, [ACT_REMOVE] = 2,
	[ACT_RESTORE] = 1, [ACT_REORDER] = 1, [ACT_MERGE] = 0
};

static enum act_kind
make_kind(uint64_t *r)
{
	unsigned n = random_below(r, 30), kind = 0;

	while (n >= weights[kind])
		n -= weights[kind++];
	return (enum act_kind)kind;
}

static void
make_values(struct act *a, uint64_t *r)
{
	for (enum field f = 0; f <= CODE; f++) {
		a->values[f] = (unsigned char)random_below(r, 5);
		a->ways[f] = (unsigned char)random_below(r, 3);
		if (f == NAME || random_percent(r, 60))
			a->fields |= 1u << f;
	}
}

static struct act
make_act(uint64_t *r, int sides)
{
	struct act a = { .kind = make_kind(r) };

	a.side = (int)random_below(r, (unsigned)sides);
	a.n = random_below(r, 6);
	a.field = (enum field)random_below(r, EDITED);
	a.value = random_below(r, 5);
	a.way = random_below(r, 3);
	a.null = random_percent(r, 50);
	a.style = random_below(r, ALL_STYLES);
	if (random_percent(r, 40))
		a.style = 0;
	if (a.kind == ACT_CREATE)
		make_values(&a, r);
	if (a.kind == ACT_BAD && !values_wrong(a.field))
		a.field = PRICE;
	return a;
}

static int
make_place(uint64_t *r, const struct step *s, int sides)
{
	int at = (int)random_below(r, 1 + 2 * (unsigned)sides);

	if (s->fault == FAULT_ORDER)
		return (int)random_below(r, ORDER_STEPS);
	if (at == 0)
		return PLACE_PLAN;
	return at <= sides ? PLACE_READ + at - 1 : PLACE_LOAD + at - sides - 1;
}

static struct step
make_round(uint64_t *r, int sides)
{
	static const unsigned char hooks[] = { 0, 0, 1, 1, 2, 3 };
	struct step s = { .kind = STEP_ROUND };

	if (random_percent(r, 75))
		s.fault = (enum fault)(1 + random_below(r, FAULT_COUNT - 1));
	s.side = (int)random_below(r, (unsigned)sides);
	s.stage = random_below(r, 3);
	s.n = random_below(r, ORDERS);
	s.share = random_below(r, 1000) / 1000.0;
	s.hooks = hooks[random_below(r, sizeof hooks)];
	for (unsigned i = 0; i < s.hooks; i++)
		s.hook[i] = (struct hook){ make_place(r, &s, sides),
			make_act(r, sides) };
	return s;
}

static void
make_rule(struct history *h, enum field f, uint64_t *r)
{
	static const enum rule rules[] = { RULE_LATEST, RULE_LATEST,
		RULE_LATEST, RULE_MANUAL, RULE_MAX, RULE_MIN, RULE_PREFER,
		RULE_PREFER };
	unsigned count = 1 + random_below(r, (unsigned)h->sides);
	int side = (int)random_below(r, (unsigned)h->sides);

	h->rule[f] = rules[random_below(r, sizeof rules / sizeof *rules)];
	if ((h->rule[f] == RULE_MAX || h->rule[f] == RULE_MIN) &&
	    f != PRICE && f != SINCE)
		h->rule[f] = RULE_LATEST;
	if (f == NAME && random_percent(r, 15))
		h->rule[f] = RULE_LONGEST;
	if (f == TAGS && random_percent(r, 50))
		h->rule[f] = RULE_UNION;
	if (h->rule[f] == RULE_PREFER && h->seed % 3 == 0)
		h->rule[f] = RULE_LATEST;
	for (unsigned i = 0; i < SIDES; i++)
		h->prefer[f][i] = i < count ?
		    (side + (int)i) % h->sides : -1;
}

static void
add_step(struct history *h, unsigned at, enum step_kind kind)
{
	memmove(&h->step[at + 1], &h->step[at], (h->steps - at) *
	    sizeof *h->step);
	h->step[at] = (struct step){ .kind = kind };
	h->steps++;
}

static void
no_bad(struct act *a)
{
	if (a->kind == ACT_BAD)
		a->kind = ACT_EDIT;
}

/*
 * A dump is made somewhere, and restored somewhere later.  No value is refused
 * in such a history: that is known to end in a copy of the record, where the
 * others carry its uid and it cannot be read itself (HISTORIES_KNOWN=1).
 */
static void
add_restore(struct history *h, uint64_t *r)
{
	unsigned from = random_below(r, h->steps);

	for (unsigned i = 0; i < h->steps && !getenv("HISTORIES_KNOWN"); i++) {
		no_bad(&h->step[i].act);
		for (unsigned k = 0; k < h->step[i].hooks; k++)
			no_bad(&h->step[i].hook[k].act);
	}

	add_step(h, from, STEP_BACKUP);
	add_step(h, from + 1 + random_below(r, h->steps - from),
	    STEP_RESTORE);
}

/* ---- what only some histories have ---- */

static void
decorate_act(struct history *h, struct act *a, uint64_t *r)
{
	unsigned n = random_below(r, 100);
	bool has_memo = h->shows & 1u << MEMO;
	enum field f = h->shows & 1u << PARENT && (!has_memo ||
	    random_percent(r, 50)) ? PARENT : MEMO;

	if (a->kind == ACT_CREATE && n < 60)
		a->fields |= h->shows & (1u << MEMO | 1u << PARENT);
	a->values[PARENT] = (unsigned char)random_below(r, 6);
	if (a->kind == ACT_CREATE && h->ambiguous && n < 50)
		a->fields |= 1u << CODE;
	if (h->ambiguous)
		a->values[CODE] %= 3;
	if ((a->kind == ACT_EDIT || a->kind == ACT_CLEAR) && n < 40 &&
	    h->shows & 1u << f) {
		a->field = f;
		a->value = random_below(r, 6);
	}
	if (a->kind == ACT_EDIT && n >= 40 && n < 60 &&
	    h->rule[SINCE] == RULE_COMMAND)
		a->field = SINCE;
	if (a->kind == ACT_EDIT && n >= 60 && n < 75 &&
	    h->rule[PRICE] == RULE_JQ)
		a->field = PRICE;
	if (h->merges && n >= 80 && (a->kind == ACT_EDIT ||
	    a->kind == ACT_ARCHIVE || a->kind == ACT_REMOVE))
		a->kind = ACT_MERGE;
}

static void
decorate_acts(struct history *h, uint64_t *r)
{
	for (unsigned i = 0; i < h->steps; i++) {
		struct step *s = &h->step[i];

		decorate_act(h, &s->act, r);
		for (unsigned k = 0; k < s->hooks; k++)
			decorate_act(h, &s->hook[k].act, r);
	}
}

/* Of numbers of its own, so that the rest stays what its seed made it. */
static void
decorate(struct history *h)
{
	static const enum rule memo[] = { RULE_APPEND, RULE_APPEND,
		RULE_UNION, RULE_LATEST, RULE_MANUAL };
	uint64_t r = (h->seed + 77) * 0x9fb21c651e98df25u;

	h->shows = (1u << (CODE + 1)) - 1;
	h->rule[PARENT] = random_percent(&r, 75) ? RULE_LATEST : RULE_MANUAL;
	h->rule[MEMO] = memo[random_below(&r, 5)];
	if (random_percent(&r, 25))
		h->shows |= 1u << PARENT;
	if (random_percent(&r, 20))
		h->shows |= 1u << MEMO;
	if (random_percent(&r, 12))
		h->rule[PRICE] = RULE_JQ;
	if (random_percent(&r, 10))
		h->rule[SINCE] = RULE_COMMAND;
	if (random_percent(&r, 15) && !h->reformats)
		h->cuts = 1u << random_below(&r, (unsigned)h->sides);
	h->merges = random_percent(&r, 12) && !h->match;
	h->ambiguous = h->match && random_percent(&r, 50);
	decorate_acts(h, &r);
}

void
history_make(struct history *h, uint64_t seed)
{
	uint64_t r = seed * 0x2545f4914f6cdd1du;
	unsigned parts;

	*h = (struct history){ .seed = seed };
	h->sides = random_percent(&r, 33) ? 3 : 2;
	for (enum field f = 0; f <= CODE; f++)
		make_rule(h, f, &r);
	h->rule[CODE] = RULE_LATEST;
	h->match = random_percent(&r, 15);
	h->hard_deletes = random_percent(&r, 50);
	for (int side = 0; side < h->sides; side++)
		if (random_percent(&r, 20))
			h->reformats |= 1u << side;
	parts = 2 + random_below(&r, 5);
	while (parts--) {
		for (unsigned n = 1 + random_below(&r, 4); n; n--)
			h->step[h->steps++] = (struct step){
				.act = make_act(&r, h->sides) };
		h->step[h->steps++] = random_percent(&r, 30) ?
		    (struct step){ .kind = STEP_CLEAN } :
		    make_round(&r, h->sides);
	}
	if (random_percent(&r, 5))
		add_restore(h, &r);
	decorate(h);
}

bool
history_mirrors(const struct history *h)
{
	for (enum field f = 0; f < FIELDS; f++)
		if (h->rule[f] == RULE_PREFER)
			return false;
	return !h->match; /* names say whose uid a joined record has */
}

/* ---- smaller ones ---- */

static void
drop_step(struct history *h, unsigned at)
{
	h->steps--;
	memmove(&h->step[at], &h->step[at + 1],
	    (h->steps - at) * sizeof *h->step);
}

static void
drop_hook(struct step *s, unsigned at)
{
	s->hooks--;
	memmove(&s->hook[at], &s->hook[at + 1],
	    (s->hooks - at) * sizeof *s->hook);
}

/* Takes the nth of its simplifications, or counts *n down. */
static bool
simpler_act(struct act *a, unsigned *n)
{
	if (a->style && (*n)-- == 0) {
		a->style = 0;
		return true;
	}
	if (a->way && (*n)-- == 0) {
		a->way = 0;
		return true;
	}
	for (enum field f = NAME + 1; f < FIELDS; f++)
		if (a->fields & 1u << f && (*n)-- == 0) {
			a->fields &= ~(1u << f);
			return true;
		}
	return false;
}

static bool
simpler_step(struct step *s, unsigned *n)
{
	if (s->kind == STEP_ACT)
		return simpler_act(&s->act, n);
	if (s->kind != STEP_ROUND)
		return false;
	if (s->fault && s->fault != FAULT_ORDER && (*n)-- == 0) {
		s->fault = FAULT_NONE;
		return true;
	}
	for (unsigned i = 0; i < s->hooks; i++) {
		if ((*n)-- == 0) {
			drop_hook(s, i);
			return true;
		}
		if (simpler_act(&s->hook[i].act, n))
			return true;
	}
	return false;
}

static bool
simpler_rules(struct history *h, unsigned *n)
{
	for (enum field f = 0; f < FIELDS; f++)
		if (h->rule[f] != RULE_LATEST && (*n)-- == 0) {
			h->rule[f] = RULE_LATEST;
			return true;
		}
	for (enum field f = MEMO; f < FIELDS; f++)
		if (h->shows & 1u << f && (*n)-- == 0) {
			h->shows &= ~(1u << f);
			return true;
		}
	if (h->cuts && (*n)-- == 0) {
		h->cuts = 0;
		return true;
	}
	if (h->merges && (*n)-- == 0) {
		h->merges = false;
		return true;
	}
	if (h->ambiguous && (*n)-- == 0) {
		h->ambiguous = false;
		return true;
	}
	if (h->match && (*n)-- == 0) {
		h->match = h->ambiguous = false;
		return true;
	}
	if (h->reformats && (*n)-- == 0) {
		h->reformats = 0;
		return true;
	}
	return false;
}

bool
history_less(const struct history *h, unsigned n, struct history *out)
{
	*out = *h;
	if (n < h->steps) {
		drop_step(out, h->steps - 1 - n);
		return true;
	}
	n -= h->steps;
	for (unsigned i = 0; i < h->steps; i++)
		if (simpler_step(&out->step[i], &n))
			return true;
	return simpler_rules(out, &n);
}

/* ---- for people ---- */

static void
print_act(const struct act *a, struct buf *b)
{
	static const char *const kinds[] = { "create", "edit", "clear", "bad",
		"archive", "unarchive", "remove", "restore", "reorder",
		"merge" };

	buf_printf(b, "side %d %s", a->side, kinds[a->kind]);
	if (a->kind == ACT_EDIT || a->kind == ACT_CLEAR || a->kind == ACT_BAD)
		buf_printf(b, " %s", values_field(a->field));
	if (a->kind == ACT_EDIT && a->field >= MEMO)
		buf_printf(b, " = %u", a->value);
	else if (a->kind == ACT_EDIT)
		buf_printf(b, " = %s", values_canonical(a->field, a->value));
	if (a->kind == ACT_CLEAR)
		buf_printf(b, a->null ? " (null)" : " (absent)");
	buf_printf(b, ", n %u, way %u, style %u", a->n, a->way, a->style);
}

static void
print_round(const struct step *s, struct buf *b)
{
	static const char *const faults[FAULT_COUNT] = { "plain", "cut",
		"limit", "without", "noload", "grep", "twice", "double",
		"order" };

	buf_printf(b, "round: %s side %d stage %u n %u share %.3f",
	    faults[s->fault], s->side, s->stage, s->n, s->share);
	for (unsigned i = 0; i < s->hooks; i++) {
		buf_printf(b, "; at place %d ", s->hook[i].place);
		print_act(&s->hook[i].act, b);
	}
}

void
history_print(const struct history *h, const char *prefix, struct buf *b)
{
	static const char *const rules[] = { "latest", "manual", "max", "min",
		"longest", "union", "prefer", "append", "jq", "command" };
	static const char *const plain[] = { [STEP_CLEAN] = "clean",
		[STEP_BACKUP] = "backup", [STEP_RESTORE] = "restore" };

	buf_printf(b, "%s%d sides, deletes %s, reformats %x, cuts %x, "
	    "match %d%s, merges %d, rules", prefix, h->sides,
	    h->hard_deletes ? "delete" : "archive", h->reformats, h->cuts,
	    h->match, h->ambiguous ? " (ambiguous)" : "", h->merges);
	for (enum field f = 0; f < FIELDS; f++)
		if (h->shows & 1u << f)
			buf_printf(b, " %s", rules[h->rule[f]]);
	buf_putc(b, '\n');
	for (unsigned i = 0; i < h->steps; i++) {
		buf_printf(b, "%s", prefix);
		if (h->step[i].kind == STEP_ACT)
			print_act(&h->step[i].act, b);
		else if (h->step[i].kind != STEP_ROUND)
			buf_printf(b, "%s", plain[h->step[i].kind]);
		else
			print_round(&h->step[i], b);
		buf_putc(b, '\n');
	}
}
