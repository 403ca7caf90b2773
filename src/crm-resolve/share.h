/* SPDX-License-Identifier: MIT */
/*
 * share: only a part of the records is released, always the same ones.  What
 * is decided of the others is kept back in the outbox, until a run whose share
 * has them decides them again and releases that.
 *
 *   meta  "share"  ->  (empty): something may be kept back
 */
#ifndef SHARE_H
#define SHARE_H

#include "intake.h"

/* "12.5%", with or without the sign: from 0.01 to 100, in hundredths. */
enum rc share_parse(const char *text, uint32_t *share, struct err *e)
    RC_CHECK;
/* What a smaller share includes a greater one does, too. */
bool share_includes(uint32_t share, struct span uid);

/* After the intake: spools what was kept back and is in the share now. */
enum rc share_recall(struct intake *n, struct err *e) RC_CHECK;

/* In the transaction that keeps something back. */
enum rc share_mark(struct txn *t, struct err *e) RC_CHECK;
/* Nothing is to be told any more: what is left is the loader's to close. */
enum rc share_let_go(const struct group *g, struct txn *t, struct err *e)
    RC_CHECK;
/* With the last transaction: nobody looks again if nothing is kept back. */
enum rc share_settle(const struct resolve *r, struct txn *t, struct err *e)
    RC_CHECK;

#endif
