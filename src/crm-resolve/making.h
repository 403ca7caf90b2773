/* SPDX-License-Identifier: MIT */
/*
 * making: a record that is dead there and none of ours is let pass.  But it may
 * be one that a loader made there and has had no answer for yet: then it is put
 * on the todo list, if it turns out to be ours once all is committed.
 */
#ifndef MAKING_H
#define MAKING_H

#include "intake.h"

/* The record of the line at hand. */
enum rc making_pass(struct intake *n, struct err *e) RC_CHECK;
/* Is it live, and ours, by now? */
enum rc making_ended(struct txn *t, const struct source *s, bool *ours,
    struct err *e) RC_CHECK;

#endif
