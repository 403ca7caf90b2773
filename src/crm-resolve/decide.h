/* SPDX-License-Identifier: MIT */
/*
 * decide: what follows from what systems show of one record.  Pure: it turns
 * a record and observations into the record as it is to be, and says which
 * systems must be told.  The same input gives the same decision, so judging
 * and applying each decide for themselves.
 */
#ifndef DECIDE_H
#define DECIDE_H

#include "../lib/operation.h"
#include "observe.h"

struct conflict {
	size_t field;       /* of the entity */
	size_t suggestion;  /* index into values' systems, or SIZE_MAX */
	const char *why;    /* NULL: the field's rule says so */
	bool failed;        /* its rule's program did: to be told */
};

struct decision {
	struct record record;    /* as it is to be */
	bool changed;            /* agreed, existence or conflicts changed */
	bool grown;              /* fields were added: rows need agreed's */
	bool dies;               /* it lived: to be archived or deleted now */
	bool *side_changed;      /* by policy system: its row is to be put */
	struct reason *why;      /* by entity field */
	struct target *targets;  /* who has to be told now */
	size_t target_count;
	uint64_t asks;           /* by bit of the policy's system: removing it
	                            there is for a person to say, and no
	                            target */
	struct conflict *conflicts; /* new ones */
	size_t conflict_count;
	const struct observation *merged; /* newly; NULL: it was not */
	const struct observation *converted; /* likewise */
	const struct side *left; /* where one that was converted stands, for a
	                            person to look at; NULL: nothing to ask */
	uint64_t cleared;        /* fields that became null */
};

/* What is known besides observations. */
struct standing {
	bool recalled;    /* who lacks something is told, changed or not */
	bool reviewed;    /* a case came up: where it is created changed */
	const bool *held; /* by system: it is not created there; or NULL */
};

/* All memory is the arena's; marks observations moved or superseded. */
enum rc decide(const struct policy *p, struct txn *t, struct span entity,
    struct span uid, struct observation *obs, size_t n,
    const struct standing *s, struct arena *a, struct decision *d,
    struct err *e) RC_CHECK;

#endif
