/* SPDX-License-Identifier: MIT */
/*
 * merge: a system made one record of two.  The record of ours that lost
 * becomes the one that won (redirect.h); where another system has both, its
 * second one stays, is sent nothing, and goes to review.  So does a merge that
 * was undone.
 */
#ifndef MERGE_H
#define MERGE_H

#include "resolve.h"

struct merge {
	const struct observation *o;
	struct span into;           /* whose the winner is by now */
	bool lives;                 /* that one does */
	const struct side *second;  /* what stays; NULL: nothing does */
};

/*
 * Before deciding: finds what the group's record was merged into.  One whose
 * winner is not known yet, or that is just being delivered, is put off.
 */
enum rc merge_look(const struct resolve *r, struct group *g, struct txn *t,
    struct err *e) RC_CHECK;

/* After its rows were put: joins them and says so, or asks. */
enum rc merge_follow(struct group *g, struct txn *t,
    const struct decision *d, struct audit *a, struct err *e) RC_CHECK;

/* Appends what a person is asked (no LF); false: nothing. */
bool merge_line(struct buf *b, const struct txn *t, const struct group *g,
    const struct decision *d);

#endif
