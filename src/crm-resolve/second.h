/* SPDX-License-Identifier: MIT */
/*
 * second: two systems made one record of the same two, each the other way
 * round.  The one of ours that was followed leaves a second record where the
 * other one was given up: that stands there for it from now on.
 */
#ifndef SECOND_H
#define SECOND_H

#include "resolve.h"

/*
 * Is that id of the observation's system a second one of the group's record?
 * Whose it was is put into `from`; empty: it is none.
 */
enum rc second_find(struct group *g, struct txn *t,
    const struct observation *o, struct span id, struct span *from,
    struct err *e) RC_CHECK;

/*
 * Of a merge of the group's record into itself, as far as we know: `why` it is
 * put off, or NULL, where its second one stands in for it (observe.h).
 */
enum rc second_look(struct group *g, struct txn *t, struct observation *o,
    const char **why, struct err *e) RC_CHECK;

/* Was that decided?  A later copy of it may count, or it is read again. */
static inline bool
second_counts(const struct observation *o)
{
	return o->second.len && !o->superseded && !o->moved;
}

/* After its rows were put: it is that, and who was asked of it is not. */
enum rc second_follow(struct group *g, struct txn *t,
    const struct observation *o, struct audit *a, struct err *e) RC_CHECK;

#endif
