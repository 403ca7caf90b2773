/* SPDX-License-Identifier: MIT */
/* whose: which of our records the line at hand is. */
#ifndef WHOSE_H
#define WHOSE_H

#include "intake.h"

/* A uid that a line says it carries, and whose it is. */
struct stamped {
	struct span uid;           /* what it leads to, or empty */
	struct record original;
	const struct side *there;  /* where that one lives, if STAMP_COPIED */
};

/* Whose uid does the line say it carries?  Sets n->head.stamp. */
enum rc whose_stamp(struct intake *n, struct span uid, struct stamped *by,
    struct err *e) RC_CHECK;

/*
 * Which of ours is it?  Its link says; else our uid that it carries, or has as
 * its id and carries none, if that record is not live under another id there
 * (copied.h); else it is its own origin.
 */
enum rc whose_uid(struct intake *n, struct span *uid, bool *linked,
    struct stamped *by, struct err *e) RC_CHECK;

#endif
