/* SPDX-License-Identifier: MIT */
/* What follows from what a worker saw: crm-resolve's decide.c and field.c. */
#include "model.h"

#include <string.h>

struct candidate {
	struct cell cell;
	uint8_t time;
};

struct work {
	struct world *w;
	struct decision *d;
	size_t count;
	struct { const struct copy *copy; size_t system, id; }
	    obs[SYSTEMS * SLOTS];
	const struct worker *by;
	uint8_t doubt;   /* fields that may have been put back, or never were */
	uint8_t unsure;  /* and those whose base may be another than agreed */
	bool cause;      /* ghost: for setting a deletion aside */
};

static bool
gone(const struct copy *c)
{
	return c->op == OP_DELETE;
}

static bool
counts(const struct work *k, size_t i)
{
	return !k->d->moved[k->obs[i].system][k->obs[i].id];
}

/* ---- ghost ---- */

/*
 * A recorded decision closes what lost, unless its author had seen all that
 * won: to our own echo of what was replaced nobody loses.
 */
static void
lose(struct world *w, const struct cell *loser, uint8_t winners, bool review)
{
	uint8_t seen = 0;

	for (size_t i = 0; i < w->edits; i++)
		if (loser->edits & 1u << i)
			seen |= w->edit[i].seen;
	if (review || winners & ~seen)
		w->open &= (uint8_t)~(loser->edits & ~winners);
}

static void
close_kind(struct world *w, size_t kind)
{
	for (size_t i = 0; i < w->edits; i++)
		if (w->edit[i].kind == kind)
			w->open &= (uint8_t)~(1u << i);
}

/* Equal ones are one: whoever replaced the one has replaced the other. */
static void
converge(struct world *w, struct cell *agreed, const struct cell *c)
{
	if (agreed->edits & ~w->real)
		w->open &= (uint8_t)~c->edits;
	agreed->edits |= c->edits;
}

static uint8_t
edits_of(const struct world *w, size_t kind)
{
	uint8_t bits = 0;

	for (size_t i = 0; i < w->edits; i++)
		if (w->edit[i].kind == kind)
			bits |= (uint8_t)(1u << i);
	return bits & w->real;
}

/* Made there by people, and met for the first time. */
static bool
is_first(const struct work *k, size_t i)
{
	return counts(k, i) && k->obs[i].copy->op == OP_CREATE &&
	    !k->obs[i].copy->stamped &&
	    !k->w->link[k->obs[i].system][k->obs[i].id].state;
}

/* What those who deleted it had seen. */
static uint8_t
seen_by_deleters(const struct world *w)
{
	uint8_t bits = 0;

	for (size_t i = 0; i < w->edits; i++)
		if (w->edit[i].kind == FIELDS && w->open & 1u << i)
			bits |= (uint8_t)(w->edit[i].seen | 1u << i);
	return bits;
}

/* Is there an edit that a deletion may be set aside for? */
static bool
has_cause(const struct work *k)
{
	uint8_t bits = edits_of(k->w, FIELDS + 1);

	for (size_t i = 0; i < k->count; i++)
		if (is_first(k, i))
			return true;
	if (k->w->agreed.conflict)
		return true;
	for (size_t f = 0; f < FIELDS; f++) {
		bits |= k->w->agreed.field[f].edits;
		for (size_t i = 0; i < k->count; i++)
			if (counts(k, i) && !gone(k->obs[i].copy))
				bits |= k->obs[i].copy->field[f].edits;
	}
	return bits & (uint8_t)~seen_by_deleters(k->w);
}

/* ---- sides ---- */

/* What is under way, or was when this was read, cannot be judged yet. */
static bool
was_seen_since(const struct work *k, size_t i)
{
	const struct entry *o = &k->w->outbox[k->obs[i].system];

	if (o->lease && o->lease != LEASE_DEAD && holds(RULE_WAIT))
		return false;
	return !o->flight.fields ||
	    k->by->look[k->obs[i].system].began > o->flight.since;
}

static bool
stands(const struct work *k, size_t i)
{
	const struct copy *c = k->obs[i].copy;
	const struct side *s = &k->w->side[k->obs[i].system];
	bool there = s->life == LIFE_LIVE;

	if (!holds(RULE_RECHECK))
		return !gone(c) || s->life;
	if (gone(c) && !there)
		return false;
	if (!was_seen_since(k, i))
		return false;
	if (!c->has_base)
		return !there && !(holds(RULE_FIRST_SIGHT) && s->life &&
		    s->id == k->obs[i].id);
	return c->stands && (s->id == k->obs[i].id ||
	    (gone(c) && !holds(RULE_DELETE_ONCE)));
}

static void
mark_moved(struct work *k)
{
	for (size_t i = 0; i < k->count; i++) {
		bool *moved = k->d->moved[k->obs[i].system];

		moved[k->obs[i].id] = !stands(k, i);
		if (k->obs[i].id && counts(k, i) && i &&
		    k->obs[i - 1].system == k->obs[i].system)
			moved[k->obs[i].id] = counts(k, i - 1);
	}
}

/* ---- existence ---- */

/* Nobody has changed what we made there: it says nothing new. */
static bool
is_echo(const struct work *k, size_t i)
{
	const struct copy *c = k->obs[i].copy;
	const struct side *s = &k->w->side[k->obs[i].system];
	bool echo = k->w->outbox[k->obs[i].system].flight.fields &&
	    ((c->op == OP_CREATE && c->stamped) || c->op == OP_UPDATE);

	for (size_t f = 0; f < FIELDS; f++)
		echo &= c->field[f].value == (s->value[f] == NEVER ? 0 :
		    s->value[f]);
	return echo;
}

static bool
has_flown(const struct flight *a, size_t f, uint8_t value)
{
	bool flown = false;

	for (size_t i = 0; i < TRIES; i++)
		flown |= a->fields & 1u << f && a->value[f][i] == value;
	return flown;
}

/* It has not moved since: nothing arrived, or this is an old copy. */
static bool
is_unmoved(const struct work *k, size_t i)
{
	const struct copy *c = k->obs[i].copy;
	const struct side *s = &k->w->side[k->obs[i].system];

	return holds(RULE_UNMOVED) && !gone(c) &&
	    k->w->outbox[k->obs[i].system].flight.fields != FLIGHT &&
	    s->life == LIFE_LIVE && c->time == s->version;
}

/* It was there, and is not: what it is now, or that it is gone, is an edit. */
static void
land_replaced(struct work *k, size_t i, size_t f)
{
	const struct copy *c = k->obs[i].copy;
	const struct flight *a = &k->w->outbox[k->obs[i].system].flight;
	uint8_t agreed = k->w->agreed.field[f].value;
	uint8_t *base = &k->w->side[k->obs[i].system].value[f];

	if (has_flown(a, f, agreed))
		*base = agreed;
	else if (!gone(c) && !c->field[f].value)
		k->doubt |= (uint8_t)(1u << f);
	else if (!gone(c))
		*base = 0;      /* whatever it was, it was not agreed's */
}

/* One field of what may have arrived. */
static void
land_field(struct work *k, size_t i, size_t f)
{
	const struct copy *c = k->obs[i].copy;
	const struct flight *a = &k->w->outbox[k->obs[i].system].flight;
	struct side *s = &k->w->side[k->obs[i].system];
	uint8_t value = c->field[f].value;

	if (c->shown && has_flown(a, f, value))
		s->value[f] = value;
	else if (a->made) /* it is there, so it arrived */
		land_replaced(k, i, f);
	else if (holds(RULE_DOUBT) && (gone(c) || (claim_sends(k->w, s, f) &&
	    value == s->value[f])))
		k->doubt |= (uint8_t)(1u << f);
	else if (!gone(c))
		k->unsure |= (uint8_t)(1u << f);
}

/* What was in flight is seen, or seen not to have come. */
static void
land(struct work *k, size_t i)
{
	const struct flight *a = &k->w->outbox[k->obs[i].system].flight;
	struct side *s = &k->w->side[k->obs[i].system];

	if (is_unmoved(k, i))
		return;
	if (!s->life)
		memset(s->value, NEVER, sizeof s->value);
	for (size_t f = 0; f < FIELDS; f++)
		if (a->fields & 1u << f)
			land_field(k, i, f);
}

static void
landed(struct entry *o)
{
	memset(&o->flight, 0, sizeof o->flight);
	o->intent = o->claimant = 0;
	if (o->lease == LEASE_DEAD)
		o->lease = LEASE_NONE;
}

static void
take_life(struct work *k, size_t i)
{
	struct world *w = k->w;
	const struct copy *c = k->obs[i].copy;
	struct side *s = &w->side[k->obs[i].system];

	k->d->side_changed[k->obs[i].system] |= s->life != LIFE_LIVE ||
	    c->time > s->time || s->version != c->time;
	k->d->changed |= w->agreed.life && s->life != LIFE_LIVE;
	s->version = c->time;
	s->life = LIFE_LIVE;
	s->id = (uint8_t)k->obs[i].id;
	if (c->time > s->time)
		s->time = c->time;
	if (w->agreed.life == LIFE_LIVE || c->op == OP_TOUCH ||
	    is_echo(k, i))
		return;
	if (k->cause)
		close_kind(w, FIELDS);
	w->undone |= w->agreed.life != LIFE_NONE && !k->cause;
	w->agreed.life = LIFE_LIVE;
	k->d->changed = true;
}

static bool
has_edits(const struct work *k)
{
	for (size_t i = 0; i < k->count; i++)
		if (counts(k, i) && !is_echo(k, i) &&
		    (k->obs[i].copy->op == OP_UPDATE ||
		    k->obs[i].copy->op == OP_CREATE))
			return true;
	return false;
}

static bool
was_behind(const struct world *w, const struct side *s)
{
	for (size_t f = 0; f < FIELDS; f++)
		if (claim_sends(w, s, f) || (s->value[f] != NEVER &&
		    s->value[f] != w->agreed.field[f].value))
			return true;
	return false;
}

static void
take_delete(struct work *k, size_t i)
{
	struct world *w = k->w;
	struct side *s = &w->side[k->obs[i].system];
	bool edited = holds(RULE_EDIT_BEATS) &&
	    (has_edits(k) || was_behind(w, s) || k->doubt);

	s->life = LIFE_GONE;
	if (k->obs[i].copy->shown)
		s->version = k->obs[i].copy->time;
	k->d->side_changed[k->obs[i].system] = true;
	if (w->agreed.life != LIFE_LIVE)
		return;
	k->d->changed = true;
	if (edited && k->cause)
		close_kind(w, FIELDS);
	if (k->doubt) /* of it, too, a person decides */
		close_kind(w, FIELDS);
	if (!edited)
		w->agreed.life = LIFE_ARCHIVED;
}

/* ---- one field ---- */

struct field_case {
	size_t at, n;
	struct candidate candidate[SYSTEMS * SLOTS + 1];
	bool concurrent, baseless, first, moved;
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
	s->value[f->at] = new;
	k->d->side_changed[k->obs[i].system] = true;
	f->moved = true;
	if (new == agreed->value) {
		converge(k->w, agreed, &c->field[f->at]);
		return;
	}
	if (old == NEVER && new == 0)
		return;
	if (old == NEVER && is_first(k, i) && !agreed->value)
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
			lose(k->w, &f->candidate[i].cell, c->cell.edits,
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
	lose(k->w, &k->w->agreed.field[f->at], 0, true);
	for (size_t i = 0; i < f->n; i++)
		lose(k->w, &f->candidate[i].cell, 0, true);
	for (size_t i = 0; i < k->count; i++)
		if (counts(k, i))
			lose(k->w, &k->obs[i].copy->field[f->at], 0, true);
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
	if (f->n > 1 && f->first)
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
		if (*value != NEVER && *value != s->value[f])
			return false;
		*value = s->value[f];
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

static void
decide_field(struct work *k, size_t field)
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

/* ---- who is to be told ---- */

static bool
sends_any(const struct world *w, const struct side *s)
{
	bool any = false;

	for (size_t f = 0; f < FIELDS; f++)
		any |= claim_sends(w, s, f);
	return any;
}

static bool
is_target(const struct work *k, size_t system)
{
	const struct world *w = k->w;
	const struct side *s = &w->side[system];
	bool there = s->life == LIFE_LIVE;

	if (w->agreed.life != LIFE_LIVE)
		return there;
	if (there)
		return sends_any(w, s);
	if (s->life == LIFE_GONE && w->agreed.conflict)
		return false;   /* whether to make it again is in doubt, too */
	return (k->d->create[system] || !holds(RULE_READ_FIRST)) &&
	    sends_any(w, NULL);
}

static bool
find_targets(struct work *k)
{
	bool any = false;

	for (size_t s = 0; s < SYSTEMS; s++) {
		k->d->target[s] = k->w->agreed.life && is_target(k, s);
		any |= k->d->target[s];
	}
	return any;
}

static void
collect(struct work *k, const struct worker *by)
{
	for (size_t s = 0; s < SYSTEMS; s++)
		for (size_t i = 0; i < SLOTS; i++) {
			const struct copy *c = &by->look[s].copy[i];

			if (!c->op || c->op == OP_AGAIN)
				continue;
			k->obs[k->count].copy = c;
			k->obs[k->count].system = s;
			k->obs[k->count++].id = i;
		}
}

void
decide(struct world *w, const struct worker *by, bool recalled,
    struct decision *d)
{
	struct work k = { .w = w, .d = d, .by = by };
	bool known = w->agreed.life, unmoved[SYSTEMS * SLOTS];

	collect(&k, by);
	mark_moved(&k);
	for (size_t i = 0; i < k.count; i++)
		unmoved[i] = is_unmoved(&k, i);
	k.cause = has_cause(&k);
	for (size_t i = 0; i < k.count; i++)
		if (counts(&k, i))
			land(&k, i);
	for (size_t i = 0; i < k.count; i++)
		if (counts(&k, i) && !gone(k.obs[i].copy))
			take_life(&k, i);
	for (size_t f = 0; f < FIELDS; f++)
		decide_field(&k, f);
	for (size_t i = 0; i < k.count; i++)
		if (counts(&k, i) && gone(k.obs[i].copy))
			take_delete(&k, i);
	for (size_t i = 0; i < k.count; i++)
		if (counts(&k, i) && !unmoved[i] &&
		    w->outbox[k.obs[i].system].flight.fields)
			landed(&w->outbox[k.obs[i].system]);
	if (recalled && !d->changed && known)
		d->changed = find_targets(&k);
	if (d->changed)
		(void)find_targets(&k);
}
