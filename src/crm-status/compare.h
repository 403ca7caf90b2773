/* SPDX-License-Identifier: MIT */
/*
 * compare: two systems, field by field; a line for each difference, and one
 * with counts for each entity.
 *
 *   compare.c        what is alike, and the lines
 *   compare_state.c  what each system last showed, by the state
 *   compare_live.c   what each system shows now, from a stream
 */
#ifndef COMPARE_H
#define COMPARE_H

#include "../lib/policy.h"
#include "../lib/run.h"
#include "../lib/stream.h"

/* What one of the two shows of a record. */
struct shown {
	bool there;
	struct span id;
	const struct span *value; /* by entity field; ptr NULL: nothing */
};

struct comparison {
	struct run *run;
	struct state *state;
	struct txn txn;
	struct systems systems;
	struct span name[2];      /* of the two */
	char **entities;          /* operands, or none */
	struct stream_out out;
	bool differ;              /* anything did */
	bool compared;            /* anything was */
	/* of the entity */
	struct policy *policy;
	struct mapping *mapping[2];
	bool listed[2];           /* what is not shown is not there */
	uint64_t both, only[2], fields, equal, different;
	uint64_t *by_field;       /* by entity field */
};

/* Opens, compares, prints; what went wrong is said. */
void compare(struct run *r, bool check);

/* Begins an entity; RC_END: the two do not share it.  Then records, end. */
enum rc compare_begin(struct comparison *c, struct span entity,
    struct err *e) RC_CHECK;
enum rc compare_record(struct comparison *c, struct span uid,
    const struct shown shown[2], struct err *e) RC_CHECK;
enum rc compare_end(struct comparison *c, struct err *e) RC_CHECK;

enum rc compare_state(struct comparison *c, struct err *e) RC_CHECK;
enum rc compare_live(struct comparison *c, struct err *e) RC_CHECK;

#endif
