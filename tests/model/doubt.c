/* SPDX-License-Identifier: MIT */
/* What may have arrived, and what is seen of it: crm-resolve's doubt.c. */
#include "work.h"

#include <string.h>

bool
doubt_is_echo(const struct work *k, size_t i)
{
	const struct copy *c = k->obs[i].copy;
	const struct side *s = &k->w->side[k->obs[i].system];
	bool echo = k->w->outbox[k->obs[i].system].flight.fields &&
	    ((c->op == OP_CREATE && c->stamped) || c->op == OP_UPDATE);

	for (size_t f = 0; f < FIELDS; f++)
		echo &= c->field[f].value == (s->value[f] == NEVER ? 0 :
		    s->value[f]) || field_is_echo(k, i, f);
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

bool
doubt_is_unmoved(const struct work *k, size_t i)
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

	k->w->side[k->obs[i].system].sent[f] = 0;
	if (has_flown(a, f, agreed))
		*base = agreed;
	else if (!gone(c) && !c->field[f].value)
		k->doubt |= (uint8_t)(1u << f);
	else if (!gone(c))
		*base = 0;      /* whatever it was, it was not agreed's */
}

/* Is it what the system made of what it was sent? */
static bool
land_echo(struct work *k, size_t i, size_t f)
{
	const struct flight *a = &k->w->outbox[k->obs[i].system].flight;
	struct side *s = &k->w->side[k->obs[i].system], was = *s;

	if (!has_flown(a, f, k->w->agreed.field[f].value))
		return false;
	s->value[f] = k->w->agreed.field[f].value;
	s->sent[f] = 0;
	if (field_is_echo(k, i, f))
		return true;
	*s = was;
	return false;
}

/* One field of what may have arrived. */
static void
land_field(struct work *k, size_t i, size_t f)
{
	const struct copy *c = k->obs[i].copy;
	const struct flight *a = &k->w->outbox[k->obs[i].system].flight;
	struct side *s = &k->w->side[k->obs[i].system];
	uint8_t value = c->field[f].value;

	if (c->shown && has_flown(a, f, value)) {
		s->value[f] = value;
		s->sent[f] = 0;
	} else if (a->made) /* it is there, so it arrived */
		land_replaced(k, i, f);
	else if (holds(RULE_DOUBT) && (gone(c) || (claim_sends(k->w, s, f) &&
	    value == s->value[f])))
		k->doubt |= (uint8_t)(1u << f);
	else if (!gone(c) && !land_echo(k, i, f))
		k->unsure |= (uint8_t)(1u << f);
}

void
doubt_land(struct work *k, size_t i)
{
	const struct flight *a = &k->w->outbox[k->obs[i].system].flight;
	struct side *s = &k->w->side[k->obs[i].system];

	if (doubt_is_unmoved(k, i))
		return;
	if (!s->life)
		memset(s->value, NEVER, sizeof s->value);
	for (size_t f = 0; f < FIELDS; f++)
		if (a->fields & 1u << f)
			land_field(k, i, f);
}

void
doubt_landed(struct entry *o)
{
	memset(&o->flight, 0, sizeof o->flight);
	o->intent = o->claimant = 0;
	if (o->lease == LEASE_DEAD)
		o->lease = LEASE_NONE;
}
