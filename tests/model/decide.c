/* SPDX-License-Identifier: MIT */
/* What follows from what a worker saw: crm-resolve's decide.c, ending.c. */
#include "work.h"

#include <string.h>

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
	    doubt_is_echo(k, i))
		return;
	if (k->cause)
		blame_close(w, FIELDS);
	w->undone |= w->agreed.life != LIFE_NONE && !k->cause;
	w->agreed.life = LIFE_LIVE;
	k->d->changed = true;
}

static bool
has_edits(const struct work *k)
{
	for (size_t i = 0; i < k->count; i++)
		if (counts(k, i) && !doubt_is_echo(k, i) &&
		    k->obs[i].copy->op == OP_CREATE)
			return true;
	return k->edited;
}

static bool
was_behind(const struct world *w, const struct side *s)
{
	for (size_t f = 0; f < FIELDS; f++)
		if (claim_sends(w, s, f) || (s->value[f] != NEVER &&
		    side_stands_for(s, f) != w->agreed.field[f].value))
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
		blame_close(w, FIELDS);
	if (k->doubt) /* of it, too, a person decides */
		blame_close(w, FIELDS);
	if (edited)
		return;
	w->agreed.life = LIFE_ARCHIVED;
	w->lives = 0;
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
		unmoved[i] = doubt_is_unmoved(&k, i);
	k.cause = blame_has_cause(&k);
	for (size_t i = 0; i < k.count; i++)
		if (counts(&k, i))
			doubt_land(&k, i);
	for (size_t i = 0; i < k.count; i++)
		if (counts(&k, i) && !gone(k.obs[i].copy))
			take_life(&k, i);
	for (size_t f = 0; f < FIELDS; f++)
		field_decide(&k, f);
	for (size_t i = 0; i < k.count; i++)
		if (counts(&k, i) && gone(k.obs[i].copy))
			take_delete(&k, i);
	for (size_t i = 0; i < k.count; i++)
		if (counts(&k, i) && !unmoved[i] &&
		    w->outbox[k.obs[i].system].flight.fields)
			doubt_landed(&w->outbox[k.obs[i].system]);
	if (recalled && !d->changed && known)
		d->changed = find_targets(&k);
	if (d->changed)
		(void)find_targets(&k);
}
