/* SPDX-License-Identifier: MIT */
/* dispute: what a person has to look at: in the state, as lines of the plan. */
#ifndef DISPUTE_H
#define DISPUTE_H

#include "decide.h"

/* Appends one conflict line (no LF): every side's value of the field. */
void dispute_put_field(struct buf *b, const struct policy *p,
    const struct decision *d, const struct conflict *c);

/* Says why, once the record was put (waiting.h). */
enum rc dispute_keep(const struct policy *p, struct txn *t,
    const struct decision *d, struct err *e) RC_CHECK;

#endif
