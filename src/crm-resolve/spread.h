/* SPDX-License-Identifier: MIT */
/*
 * spread: one value that lands on many records of a system in one run, the
 * mark of a mapping or an import gone wrong.  While judging, a small sketch a
 * field keeps the values that can have come often; only if one might be over
 * the ceiling all is gone through once more and counted exactly.
 */
#ifndef SPREAD_H
#define SPREAD_H

#include <stdbool.h>
#include <stdint.h>

#include "decide.h"

#define SPREAD_SLOTS 64    /* off by at most 1/65 of what was counted */
#define SPREAD_SUSPECTS 32 /* reported at most */
#define SPREAD_EXAMPLES 3

struct sketch {
	uint64_t value[SPREAD_SLOTS]; /* hashes */
	uint64_t n[SPREAD_SLOTS];     /* 0: free */
	uint64_t missed;              /* any value: so often more */
};

/* Of one system. */
struct spread {
	struct sketch **field; /* by entity field; NULL: none was written */
};

struct suspect {
	size_t policy, system, field;
	uint64_t value;        /* hash */
	uint64_t n;            /* exactly, once it was counted */
	uint64_t before;       /* in the last 24 hours, at least */
	struct span example[SPREAD_EXAMPLES];
};

/* The value came n more times. */
void sketch_add(struct sketch *s, uint64_t value, uint64_t n);

/* Counts the values this update writes. */
void spread_count(struct spread *s, const struct policy *p,
    const struct decision *d, const struct target *t);
void spread_free(struct spread *s, size_t fields);

/* Counts exactly, for suspects of this policy; uids are kept in `a`. */
void spread_recount(struct suspect *suspects, size_t n, size_t policy_at,
    const struct policy *p, const struct decision *d,
    const struct target *t, struct arena *a);

#endif
