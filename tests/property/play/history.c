/* SPDX-License-Identifier: MIT */
#include "history.h"

const char *const history_orders[ORDERS][ORDER_STEPS] = {
	{ "X1", "X2", "R1", "L1", "R2", "L2" },
	{ "X1", "R1", "X2", "L1", "R2", "L2" },
	{ "X1", "X2", "R1", "R2", "L1", "L2" },
	{ "X1", "X2", "R2", "R1", "L2", "L1" },
	{ "X1", "R1", "X2", "R2", "L2", "L1" },
	{ "X1", "X2", "R1", "R2", "L2", "L1" },
};

/* Is a row taken away, so that one of its own may be made there again? */
static bool
removes(const struct step *s)
{
	bool any = s->kind == STEP_ACT && s->act.kind == ACT_REMOVE;

	for (unsigned i = 0; i < s->hooks; i++)
		any |= s->hook[i].act.kind == ACT_REMOVE;
	return any;
}

/*
 * What we make of two systems' records in one stands there in the order of
 * their names: the first of them are others.
 */
static bool
is_read_by_name(const struct history *h)
{
	bool removed = false;

	for (unsigned i = 0; i < h->steps; i++) {
		if (h->step[i].fault == FAULT_LIMIT && (removed ||
		    h->step[i].side == 2))
			return true;
		removed |= removes(&h->step[i]);
	}
	return false;
}

bool
history_mirrors(const struct history *h)
{
	if (is_read_by_name(h))
		return false;
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
