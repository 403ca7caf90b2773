/* SPDX-License-Identifier: MIT */
/* dispute: what a person has to look at, as lines of the plan. */
#ifndef DISPUTE_H
#define DISPUTE_H

#include "decide.h"

/* Appends one conflict line (no LF): every side's value of the field. */
void dispute_put_field(struct buf *b, const struct policy *p,
    const struct decision *d, const struct conflict *c);

#endif
