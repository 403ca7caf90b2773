/* SPDX-License-Identifier: MIT */
/*
 * unread: a record is created in a system only if that was read after the
 * record was first seen: somebody may have entered it there meanwhile.  One
 * that came too late waits, and is decided again when its target was read.
 */
#ifndef UNREAD_H
#define UNREAD_H

#include "intake.h"

/* A section was complete: who waited for it is decided again. */
enum rc unread_recall(struct intake *n, size_t system, struct err *e)
    RC_CHECK;

/* Adds to the group's `held` where its record may not be created for that. */
enum rc unread_hold(struct group *g, struct txn *t, struct err *e) RC_CHECK;

/* After its rows were put: it waits from now on, or not any more. */
enum rc unread_put(struct resolve *r, struct group *g, struct txn *t,
    const struct decision *d, struct err *e) RC_CHECK;

/* Who waits though the system was read: that was before they came, or it shows
 * late what came to it. */
void unread_tell(struct resolve *r);

#endif
