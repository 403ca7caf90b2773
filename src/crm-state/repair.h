/* SPDX-License-Identifier: MIT */
/*
 * repair: what can be computed again is, out of what cannot: links, agreed and
 * shadows stay as they are.
 *
 *   repair_tally.c     how many links there are of each object
 *   repair_redirect.c  which record a merged one is now: out of the audit
 *   repair_pending.c   what each system has yet to be told, and what waits for
 *                      a person
 *   repair_match.c     the index of match keys
 *
 * Others may work meanwhile.  Whatever is put right is a line of the audit.
 */
#ifndef REPAIR_H
#define REPAIR_H

#include "../lib/audit.h"
#include "../lib/run.h"
#include "policies.h"

struct repair {
	struct run *run;
	struct state *state;
	struct policies policies;
	struct audit *audit;  /* begun in this transaction */
	struct txn txn;       /* a write one */
	struct arena arena;   /* of a batch */
	uint64_t tallies, redirects, pending, recalled, dropped, indexed;
};

/* Prints what was put right.  RC_CONFIG when a mapping cannot be loaded. */
enum rc repair(struct run *r, struct err *e) RC_CHECK;

/* ---- for its files ---- */

/* In one transaction: `work` until it says RC_END, then committed. */
typedef enum rc repair_work(struct repair *k, void *arg, struct err *e);
enum rc repair_in_one(struct repair *k, repair_work *work, void *arg,
    struct err *e) RC_CHECK;

/*
 * Hands each key of the table with that prefix to `row`, which may put and
 * delete, a thousand in a transaction.
 */
typedef enum rc repair_row(struct repair *k, void *arg, struct span key,
    struct err *e);
enum rc repair_each(struct repair *k, enum state_table table,
    struct span prefix, repair_row *row, void *arg, struct err *e) RC_CHECK;

/* A line of the audit; empty parts are left out. */
void repair_tell(struct repair *k, const char *what, struct span entity,
    struct span system, struct span uid);

enum rc repair_tally(struct repair *k, struct err *e) RC_CHECK;
enum rc repair_redirect(struct repair *k, struct err *e) RC_CHECK;
enum rc repair_pending(struct repair *k, struct err *e) RC_CHECK;
enum rc repair_match(struct repair *k, struct err *e) RC_CHECK;

#endif
