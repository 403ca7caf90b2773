/* SPDX-License-Identifier: MIT */
/*
 * match_plan: how this run keeps the index of match keys (match_index.h), and
 * notices that another run added records after this one looked.
 */
#ifndef MATCH_PLAN_H
#define MATCH_PLAN_H

#include "../lib/match_index.h"
#include "../lib/spool.h"

struct resolve;
struct decision;

/* Of one policy. */
struct match_plan {
	bool kept;        /* the entity has keys */
	bool adds;        /* records that came unlinked */
	bool look_up;     /* in the index; else all that is known is read */
	bool maintain;    /* the index, with each record that is put */
	bool build, drop; /* it, at the end; at the beginning */
	bool begun;       /* this run counts as one that changes, adds */
	bool overtaken;   /* another added records since: ours are read again */
	struct match_standing standing;
};

/* As it stood when this run began to look: what is to be done. */
enum rc match_plan_make(struct resolve *r, size_t policy, struct txn *t,
    bool takes_part, struct err *e) RC_CHECK;

/* At the beginning of each batch. */
enum rc match_plan_batch(struct resolve *r, struct txn *t, struct err *e)
    RC_CHECK;

/* A record was put. */
enum rc match_plan_put(struct resolve *r, size_t policy, struct txn *t,
    const struct decision *d, struct err *e) RC_CHECK;

/* After all batches, in transactions of its own. */
enum rc match_plan_build(struct resolve *r, struct err *e) RC_CHECK;

#endif
