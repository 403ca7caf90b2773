/* SPDX-License-Identifier: MIT */
/* operation: who is to be told of a record, as lines of a plan. */
#ifndef OPERATION_H
#define OPERATION_H

#include "policy.h"
#include "stream.h"

enum target_op { TARGET_CREATE, TARGET_UPDATE, TARGET_ARCHIVE,
	TARGET_DELETE };

struct target {
	size_t system;      /* index in the policy */
	enum target_op op;
};

/* Why a field has its value, for operations and the audit. */
struct reason {
	const char *rule;   /* NULL: the field was not decided here */
	uint32_t from;      /* interned system */
};

/*
 * A plan is a section of its own: of no system, and of all.  Its begin; the
 * end is the caller's, who knows what there is to report.
 */
enum rc operation_begin(struct stream_out *out, const struct state *s,
    bool dry_run, struct err *e) RC_CHECK;

/*
 * Appends one operation line (no LF): what `target` is to be told.  `version`
 * is the record's, `why` by entity field.
 */
void operation_put(struct buf *b, const struct policy *p,
    const struct txn *t, const struct record *r, const struct reason *why,
    const struct target *target);

/* What the line says, as a number: for the hash of a plan. */
uint64_t operation_hash(const struct policy *p, const struct record *r,
    const struct target *target);

/*
 * Is there anything to tell this system, which is declared and was read, and
 * what?  Holds for a record as a person says it is to be: whether deciding
 * may go so far is for who decides.
 */
bool operation_target(const struct policy *p, const struct policy_system *s,
    const struct record *r, enum target_op *op);

#endif
