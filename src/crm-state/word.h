/* SPDX-License-Identifier: MIT */
/*
 * word: the life of a command that puts a person's decisions into the state:
 * each in a transaction of its own, with its lines of the audit, or not at
 * all.
 */
#ifndef WORD_H
#define WORD_H

#include "policies.h"

#include "../lib/audit_tell.h"
#include "../lib/run.h"

struct word {
	struct run *run;
	struct state *state;
	struct policies policies;
	struct audit *audit;   /* begun in this transaction */
	struct txn txn;        /* a write one */
	struct arena arena;    /* of one decision */
	struct policy *policy; /* of its entity, bound */
};

/* What was opened has to be closed, whether or not that succeeded. */
enum rc word_open(struct word *w, struct run *r, struct err *e) RC_CHECK;
void word_close(struct word *w);

/* One decision of a record of `entity`: what `decide` does is committed. */
typedef enum rc word_decide(struct word *w, void *arg, struct err *e);
enum rc word_one(struct word *w, struct span entity, word_decide *decide,
    void *arg, struct err *e) RC_CHECK;

#endif
