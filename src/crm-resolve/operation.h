/* SPDX-License-Identifier: MIT */
/* operation: decisions as lines of the plan. */
#ifndef OPERATION_H
#define OPERATION_H

#include "decide.h"

/*
 * Appends one operation line (no LF): what `target` is to be told.  `version`
 * is the record's.
 */
void operation_put(struct buf *b, const struct policy *p,
    const struct txn *t, const struct decision *d,
    const struct target *target);

/* What the line says, as a number: for the hash of a plan. */
uint64_t operation_hash(const struct policy *p, const struct decision *d,
    const struct target *target);

/* Appends the conflict line of a merge: a person looks at what is left. */
void operation_put_merge(struct buf *b, const struct policy *p,
    const struct decision *d);

/* Appends one conflict line (no LF): every side's value of the field. */
void operation_put_conflict(struct buf *b, const struct policy *p,
    const struct decision *d, const struct conflict *c);

#endif
