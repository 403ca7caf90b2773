/* SPDX-License-Identifier: MIT */
/* field: one field of a record, out of what all systems show of it. */
#ifndef FIELD_H
#define FIELD_H

#include "decide.h"
#include "rules.h"

/* What deciding one record has in hand. */
struct work {
	const struct policy *policy;
	const struct state *state; /* knows names */
	struct txn *txn;
	struct decision *d;
	struct observation *obs;
	size_t count;
	struct arena *arena;
	struct candidate *candidates; /* room for all there may be */
	int64_t now;
	bool *doubt;         /* by entity field: doubt.h; or NULL */
	bool *unsure;
	bool edited;         /* somebody gave a field another value, or may
	                        have: a reference that cannot be followed */
	const bool *held;  /* by system: no create there; or NULL */
	const struct observation *only; /* of a new record, when nothing else
	                                   is known of it; or NULL */
};

/* Copies that are out of date or out of step decide nothing. */
static inline bool
work_counts(const struct observation *o)
{
	return !o->moved && !o->superseded;
}

/* When the change happened there, at the latest; never in the future. */
static inline int64_t
work_time(const struct work *w, const struct observation *o)
{
	int64_t t = o->modified ? o->modified : o->began;

	return !t || t > w->now ? w->now : t;
}

/*
 * Takes what the sides show, and agrees on a value or puts it in review.
 * RC_END: it cannot be decided now, the record is to be read again.
 */
enum rc field_decide(struct work *w, size_t field, struct err *e) RC_CHECK;

#endif
