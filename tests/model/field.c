/* SPDX-License-Identifier: MIT */
/* One field, out of what all show of it: crm-resolve's field.c. */
#include "work.h"

struct candidate {
	struct cell cell;
	uint8_t time;
};

struct field_case {
	size_t at, n;
	struct candidate candidate[SYSTEMS * SLOTS + 1];
	bool concurrent, baseless, first, moved;
	bool cut;        /* it was edited where less of it is held */
};

static void
add_candidate(struct field_case *f, const struct copy *c)
{
	struct candidate *at = f->candidate;

	while (at < f->candidate + f->n &&
	    at->cell.value != c->field[f->at].value)
		at++;
	if (at == f->candidate + f->n)
		f->candidate[f->n++] = (struct candidate){
			c->field[f->at], c->time };
	at->cell.edits |= c->field[f->at].edits;
	if (at->time < c->time)
		at->time = c->time;
}

/* A clear of what we made is one, though its side never showed the field. */
static bool
is_said(const struct work *k, size_t i, size_t field)
{
	const struct copy *c = k->obs[i].copy;

	return c->said & 1u << field || (c->op == OP_CREATE && c->stamped);
}

bool
field_is_echo(const struct work *k, size_t i, size_t field)
{
	size_t system = k->obs[i].system;
	const struct side *s = &k->w->side[system];
	uint8_t sent = side_stands_for(s, field);
	uint8_t new = k->obs[i].copy->field[field].value;

	if (s->value[field] == NEVER || !sent || system != 1 ||
	    !(k->w->modes & (MODE_FORM | MODE_CUT)) || !holds(RULE_ECHO))
		return false;
	/* without the rule: what is first read there after it was written */
	return new == world_form(k->w, system, sent) ||
	    (!holds(RULE_ECHO_ONLY) && !(s->value[field] & FORM));
}

/* Less than that is held there. */
static bool
is_cut(const struct world *w, size_t system, size_t field)
{
	const struct side *s = &w->side[system];
	uint8_t sent = side_stands_for(s, field);

	return w->modes & MODE_CUT && system == 1 &&
	    s->value[field] != NEVER && holds(RULE_CUT) &&
	    sent != world_form(w, system, sent);
}

static void
take_field(struct work *k, struct field_case *f, size_t i)
{
	const struct copy *c = k->obs[i].copy;
	struct side *s = &k->w->side[k->obs[i].system];
	struct cell *agreed = &k->w->agreed.field[f->at];
	uint8_t new = c->field[f->at].value, old = s->value[f->at];

	if (!holds(RULE_BASE))
		old = agreed->value;
	if (gone(c) || !is_said(k, i, f->at) || new == old)
		return;
	k->d->side_changed[k->obs[i].system] = true;
	if (field_is_echo(k, i, f->at)) {
		s->sent[f->at] = side_stands_for(s, f->at);
		s->value[f->at] = new;
		return;
	}
	f->cut |= is_cut(k->w, k->obs[i].system, f->at);
	if (s->sent[f->at] && holds(RULE_BASE))
		old = s->sent[f->at];
	s->sent[f->at] = 0;
	s->value[f->at] = new;
	f->moved = true;
	k->edited |= old != NEVER || new;
	if (new == agreed->value) {
		blame_converge(k->w, agreed, &c->field[f->at]);
		return;
	}
	if (old == NEVER && new == 0)
		return;
	if (old == NEVER && blame_is_first(k, i) && !agreed->value)
		k->w->open &= (uint8_t)~agreed->edits; /* it fills a blank */
	f->baseless |= old == NEVER;
	if (old == NEVER && agreed->value)
		f->first = true;
	else if (old != NEVER && (old != agreed->value ||
	    k->unsure & 1u << f->at))
		f->concurrent = holds(RULE_CONCURRENT);
	add_candidate(f, c);
}

static void
agree(struct work *k, struct field_case *f, const struct candidate *c)
{
	struct agreed *a = &k->w->agreed;
	uint8_t bit = (uint8_t)(1u << f->at);

	for (size_t i = 0; i < f->n; i++)
		if (&f->candidate[i] != c)
			blame_lose(k->w, &f->candidate[i].cell, c->cell.edits,
			    false);
	if (a->field[f->at].value == c->cell.value && !(a->conflict & bit))
		return;
	a->field[f->at] = c->cell;
	a->time[f->at] = c->time;
	a->conflict &= (uint8_t)~bit;
	k->d->changed = true;
}

static void
put_in_review(struct work *k, struct field_case *f)
{
	blame_lose(k->w, &k->w->agreed.field[f->at], 0, true);
	for (size_t i = 0; i < f->n; i++)
		blame_lose(k->w, &f->candidate[i].cell, 0, true);
	for (size_t i = 0; i < k->count; i++)
		if (counts(k, i))
			blame_lose(k->w, &k->obs[i].copy->field[f->at], 0,
			    true);
	k->w->agreed.conflict |= (uint8_t)(1u << f->at);
	k->d->changed = true;
}

/* Rule latest; without a base nobody is preferred: a person decides. */
static void
pick(struct work *k, struct field_case *f)
{
	struct agreed *a = &k->w->agreed;
	size_t winner = 0;

	f->first |= f->baseless && f->n > 1;
	if (f->concurrent || f->first || a->conflict & 1u << f->at)
		f->candidate[f->n++] = (struct candidate){ a->field[f->at],
			a->time[f->at] };
	for (size_t i = 1; i < f->n; i++)
		if (f->candidate[i].time > f->candidate[winner].time)
			winner = i;
	if (f->cut || (f->n > 1 && f->first && holds(RULE_FIRST)))
		put_in_review(k, f);
	else
		agree(k, f, &f->candidate[winner]);
}

static bool
sides_agree(const struct work *k, size_t f, uint8_t *value)
{
	*value = NEVER;
	for (size_t i = 0; i < SYSTEMS; i++) {
		const struct side *s = &k->w->side[i];

		if (s->life != LIFE_LIVE || s->value[f] == NEVER)
			continue;
		if (*value != NEVER && *value != side_stands_for(s, f))
			return false;
		*value = side_stands_for(s, f);
	}
	return *value != NEVER;
}

static void
close_conflict(struct work *k, struct field_case *f, uint8_t value)
{
	struct candidate c = { .cell = { .value = value },
		.time = k->w->agreed.time[f->at] };

	for (size_t i = 0; i < f->n; i++)
		if (f->candidate[i].cell.value == value)
			c = f->candidate[i];
	agree(k, f, &c);
}

static void
tell_losers(struct work *k, const struct field_case *f)
{
	for (size_t i = 0; i < k->count && f->moved; i++)
		if (counts(k, i) && !gone(k->obs[i].copy) &&
		    is_said(k, i, f->at) && claim_sends(k->w,
		    &k->w->side[k->obs[i].system], f->at))
			k->d->changed = true;
}

void
field_decide(struct work *k, size_t field)
{
	struct field_case f = { .at = field };
	uint8_t value;

	for (size_t i = 0; i < k->count; i++)
		if (counts(k, i))
			take_field(k, &f, i);
	if (k->doubt & 1u << field)
		put_in_review(k, &f);
	else if (f.moved && k->w->agreed.conflict & 1u << field &&
	    sides_agree(k, field, &value))
		close_conflict(k, &f, value);
	else if (f.n)
		pick(k, &f);
	tell_losers(k, &f);
}
