/* SPDX-License-Identifier: MIT */
/* Ghost: whose edits a decision is against, and whether it may be. */
#include "work.h"

void
blame_lose(struct world *w, const struct cell *loser, uint8_t winners,
    bool review)
{
	uint8_t seen = 0;

	for (size_t i = 0; i < w->edits; i++)
		if (loser->edits & 1u << i)
			seen |= w->edit[i].seen;
	/* that it was seen a restored state does not know */
	seen &= (uint8_t)~w->forgotten;
	if (review || winners & ~seen)
		w->open &= (uint8_t)~(loser->edits & ~winners);
}

void
blame_close(struct world *w, size_t kind)
{
	for (size_t i = 0; i < w->edits; i++)
		if (w->edit[i].kind == kind)
			w->open &= (uint8_t)~(1u << i);
}

void
blame_converge(struct world *w, struct cell *agreed, const struct cell *c)
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

bool
blame_is_first(const struct work *k, size_t i)
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

/* It was brought back there, if only to be deleted again. */
static uint8_t
restores_seen(const struct work *k)
{
	uint8_t bits = 0;

	for (size_t i = 0; i < k->count; i++)
		for (size_t e = 0; e < k->w->edits; e++)
			if (counts(k, i) && !gone(k->obs[i].copy) &&
			    k->w->edit[e].kind == FIELDS + 1 &&
			    k->w->edit[e].system == k->obs[i].system)
				bits |= (uint8_t)(1u << e);
	return bits;
}

bool
blame_has_cause(const struct work *k)
{
	uint8_t bits = edits_of(k->w, FIELDS + 1) | restores_seen(k);

	for (size_t i = 0; i < k->count; i++)
		if (blame_is_first(k, i))
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
