/* SPDX-License-Identifier: MIT */
/*
 * check: what its files share.
 *
 *   check.c           links, records, what is pending
 *   check_identity.c  what says which record is which: reviews, redirects, the
 *                     index of match keys
 *   check_conflicts.c fields that wait for a person
 */
#ifndef CHECK_H
#define CHECK_H

#include "../lib/run.h"
#include "../lib/state.h"

struct check {
	struct run *run;
	struct state *state;
	struct txn txn;
	struct arena arena;        /* reset for each row */
	struct arena names_arena;
	const uint32_t *names;
	size_t name_count;
	uint64_t links, live, records, shadows, pending, problems;
	uint64_t disputed, waiting; /* fields in conflict; their rows */
};

/* Says that a row is wrong: what it is, and whose. */
void check_complain(struct check *c, const char *what, struct span key);

typedef enum rc check_row(struct check *c, struct span key,
    struct span value, struct err *e);

/* Each row of the table whose key begins so. */
enum rc check_each(struct check *c, enum state_table table,
    struct span prefix, check_row *row, struct err *e) RC_CHECK;

/* check_identity.c */
enum rc check_identity(struct check *c, struct err *e) RC_CHECK;

/* check_conflicts.c: once records were. */
enum rc check_conflicts(struct check *c, struct err *e) RC_CHECK;

#endif
