/* SPDX-License-Identifier: MIT */
#include "flip.h"

#include "../lib/hash.h"

#define FLIP_PAUSE_MS (3 * 86400 * (int64_t)1000)
#define FLIPS_MOST 1

/* Never 0, which is none. */
static uint32_t
digest(struct span value)
{
	return (uint32_t)hash64(value, 0) | 1;
}

/* The value that another system replaced lately, back again? */
static bool
is_back(const struct agreed_field *a, const struct candidate *c)
{
	return a->before && c->system != a->origin &&
	    c->time - a->time < FLIP_PAUSE_MS &&
	    a->before == digest(c->value);
}

bool
flip_is_stopped(const struct agreed_field *a, const struct candidate *c)
{
	return !c->agreed && !a->conflict && a->flips >= FLIPS_MOST &&
	    is_back(a, c);
}

void
flip_note(struct agreed_field *a, const struct candidate *c)
{
	bool replaced = !a->conflict && a->origin && c->system != a->origin;

	a->flips = replaced && is_back(a, c) ? a->flips + 1 : 0;
	a->before = replaced ? digest(a->value) : 0;
}
