/* SPDX-License-Identifier: MIT */
/* history_make: a history of a seed. */
#include "history.h"

#include <stdlib.h>

#include "random.h"

#define ALL_STYLES 16

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

/* What is known to end in a copy of the record. */
static void
no_known(struct act *a)
{
	if (a->kind == ACT_UNARCHIVE || a->kind == ACT_RESTORE)
		a->kind = ACT_EDIT;
}

/*
 * A dump is made somewhere, and restored somewhere later.  In such a history
 * nothing that was deleted comes back: that is known to end, now and then, in
 * a copy of the record that was made anew meanwhile (seed 3913 with
 * HISTORIES_KNOWN=1).
 */
static void
add_restore(struct history *h, unsigned from, uint64_t *r)
{
	for (unsigned i = 0; i < h->steps && !getenv("HISTORIES_KNOWN"); i++) {
		no_known(&h->step[i].act);
		for (unsigned k = 0; k < h->step[i].hooks; k++)
			no_known(&h->step[i].hook[k].act);
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
	if (a->kind == ACT_EDIT && h->cuts && n >= 75 && n < 95) {
		a->field = NAME;
		while (n < 85 && !(h->cuts & 1u << a->side))
			a->side = (a->side + 1) % h->sides;
	}
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

/* A field that a program decides for, if there is one. */
static enum field
asked_field(const struct history *h, enum field other)
{
	if (h->rule[SINCE] == RULE_COMMAND)
		return SINCE;
	return h->rule[PRICE] == RULE_JQ ? PRICE : other;
}

/* Two sides give one field of one record each a value of its own. */
static void
clash(const struct history *h, struct act *a, struct act *b, uint64_t *r)
{
	a->field = random_percent(r, 80) ? asked_field(h, a->field) : a->field;
	b->kind = ACT_EDIT;
	b->n = a->n;
	b->field = a->field;
	b->value = a->value + 1 + random_below(r, 2);
	b->side = (a->side + 1 + (int)random_below(r, (unsigned)h->sides - 1))
	    % h->sides;
}

static void
add_clashes(struct history *h, uint64_t *r)
{
	unsigned share = asked_field(h, CODE) == CODE ? 20 : 80;

	for (unsigned i = 0; i + 1 < h->steps; i++)
		if (h->step[i].kind == STEP_ACT &&
		    h->step[i].act.kind == ACT_EDIT &&
		    h->step[i + 1].kind == STEP_ACT &&
		    random_percent(r, share))
			clash(h, &h->step[i].act, &h->step[i + 1].act, r);
}

/* Something is there on all sides early, for things to happen to it. */
static void
found(struct history *h, uint64_t *r)
{
	unsigned i = 0;

	for (; h->step[i].kind == STEP_ACT; i++) {
		struct act *a = &h->step[i].act;

		a->kind = ACT_CREATE;
		make_values(a, r);
		a->fields |= random_percent(r, 50) ? h->shows & ~(1u << CODE) :
		    0;
	}
	h->step[i] = (struct step){ .kind = STEP_CLEAN };
}

static void
add_coded(struct history *h, unsigned at, int side, unsigned code, uint64_t *r)
{
	struct act *a = &h->step[at].act;

	add_step(h, at, STEP_ACT);
	a->kind = ACT_CREATE;
	a->side = side % h->sides;
	make_values(a, r);
	a->fields |= 1u << CODE;
	a->values[CODE] = (unsigned char)code;
}

/*
 * The state is begun anew, of a dump of nothing, when there are two of a code:
 * one is everywhere and carries its uid there, the other is a stranger.
 */
static void
begin_anew(struct history *h, uint64_t *r)
{
	unsigned code = random_below(r, 3);
	int side = (int)random_below(r, (unsigned)h->sides);

	add_coded(h, 0, side, code, r);
	add_step(h, 1, STEP_CLEAN);
	add_coded(h, 2, side + 1, code, r);
	add_restore(h, 0, r);
}

/* One stands on two sides from the start, and one of them cannot be used. */
static void
spoil_twin(struct history *h, uint64_t *r)
{
	unsigned code = random_below(r, 3);
	int side = (int)random_below(r, (unsigned)h->sides);

	add_coded(h, 0, side, code, r);
	add_coded(h, 1, side + 1, code, r);
	add_step(h, 2, STEP_ACT);
	h->step[2].act = (struct act){ .kind = ACT_BAD, .side = side,
		.field = PRICE };
}

/* People edit what stands archived, where that can come back. */
static void
edit_archived(struct history *h, uint64_t *r)
{
	for (unsigned i = 0; i < h->steps; i++) {
		struct step *s = &h->step[i];

		for (unsigned k = 0; k <= s->hooks; k++) {
			struct act *a = k ? &s->hook[k - 1].act : &s->act;

			if (random_percent(r, 35))
				a->style |= STYLE_ARCHIVED;
		}
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
	if (random_percent(&r, 20))
		h->rule[PRICE] = RULE_JQ;
	if (random_percent(&r, 10))
		h->rule[SINCE] = RULE_COMMAND;
	if (random_percent(&r, 15) && !h->reformats)
		h->cuts = 1u << random_below(&r, (unsigned)h->sides);
	h->merges = random_percent(&r, 12) && !h->match;
	h->ambiguous = h->match && random_percent(&r, 50);
	if ((asked_field(h, CODE) != CODE || h->cuts || h->merges) &&
	    random_percent(&r, 50))
		found(h, &r);
	decorate_acts(h, &r);
	add_clashes(h, &r);
	if (h->ambiguous && random_percent(&r, 60))
		begin_anew(h, &r);
	if (h->match && h->steps + 3 < STEPS && random_percent(&r, 30))
		spoil_twin(h, &r);
	if (random_percent(&r, 20) && !h->hard_deletes)
		edit_archived(h, &r);
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
		add_restore(h, random_below(&r, h->steps), &r);
	decorate(h);
}
