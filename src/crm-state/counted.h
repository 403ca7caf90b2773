/* SPDX-License-Identifier: MIT */
/* counted: how many links each object of each system has, by the rows. */
#ifndef COUNTED_H
#define COUNTED_H

#include "../lib/link.h"

/* A tally as the rows would have it; `s` has no id.  It may be put. */
typedef enum rc counted_visit(void *arg, const struct source *s,
    const struct tally *n, struct err *e);
enum rc counted_each(struct txn *t, counted_visit *visit, void *arg,
    struct err *e) RC_CHECK;

/*
 * The tally that is there, into *was.  RC_END: it is damaged, then *was is all
 * zero, or it says otherwise; a higher `next` only leaves gaps.
 */
enum rc counted_hold(struct txn *t, const struct source *s,
    const struct tally *n, struct tally *was, struct err *e) RC_CHECK;

#endif
