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
is_back(const struct agreed_field *a, const struct verdict *v)
{
	return a->before && v->system != a->origin &&
	    v->time - a->time < FLIP_PAUSE_MS &&
	    a->before == digest(v->value);
}

bool
flip_is_stopped(const struct agreed_field *a, const struct verdict *v)
{
	return !v->agreed && !a->conflict && a->flips >= FLIPS_MOST &&
	    is_back(a, v);
}

void
flip_note(struct agreed_field *a, const struct verdict *v)
{
	bool replaced = !a->conflict && a->origin && v->system != a->origin;

	a->flips = replaced && is_back(a, v) ? a->flips + 1 : 0;
	a->before = replaced ? digest(a->value) : 0;
}

bool
flip_drifts(struct agreed_field *a, struct span value, int64_t after)
{
	bool back = a->before == digest(value) && after < FLIP_PAUSE_MS;

	a->before = digest(value);
	return back;
}
