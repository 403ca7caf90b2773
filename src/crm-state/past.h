/* SPDX-License-Identifier: MIT */
/* past: what one run decided of one record, out of the audit. */
#ifndef PAST_H
#define PAST_H

#include "../lib/json.h"
#include "../lib/limits.h"
#include "../lib/record.h"

struct past_field {
	struct span name;
	struct span was, is;     /* canonical JSON texts */
	struct span was_from;    /* system, or empty */
	int64_t was_at;          /* ms; 0: unknown */
};

struct past {
	struct span entity, uid;
	bool created;            /* by that run */
	struct span found[LIMIT_SYSTEMS]; /* the systems that had it then */
	size_t found_count;
	bool merged, converted, erased; /* nothing can be set back */
	uint64_t version;        /* that the run left it with */
	struct span life_was, life_is, life_from; /* empty: it stayed */
	struct past_field *fields;
	size_t count, room;
};

/*
 * Adds what a line says (an audit's "decision"); several of one record in
 * their order.  All memory is the arena's.  RC_STATE when it is no such line.
 */
enum rc past_add(struct past *p, const struct json *j, struct arena *a,
    struct err *e) RC_CHECK;

#endif
