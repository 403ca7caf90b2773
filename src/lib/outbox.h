/* SPDX-License-Identifier: MIT */
/*
 * outbox: the index of where a system's shadow differs from what was agreed.
 *
 *   system \0 entity \0 uid  ->  struct outbox
 *
 * It holds no values: what is sent is agreed minus shadow, at sending.  What
 * left and was not answered it knows by digests: until it is answered, or a
 * reading that began later shows what became of it, it is in doubt.
 */
#ifndef OUTBOX_H
#define OUTBOX_H

#include <stdbool.h>
#include <stdint.h>

#include "state.h"

struct outbox {
	uint64_t version;    /* of the agreed record it stands for */
	bool released;       /* a loader may send it */
	bool kept;           /* not released: outside of crm-resolve's share */
	bool held;           /* refused at this version: waits for a change */
	bool skipped;        /* held, because a person said so */
	bool asks;           /* a removal that no run releases: only a person */
	bool intent;         /* a create may have left us */
	int64_t since;       /* ms: when it first was to be told; 0: unknown */
	bool made;           /* it was, and without an id of it: what is
	                        there with our uid is what left */
	int64_t lease;       /* ms: claimed until then, and if that is past,
	                        in doubt since; 0: free */
	struct span flight;  /* what left and is in doubt: flight.h; or empty */
	int64_t next_try;    /* ms; 0: at once */
	uint32_t attempts;
	struct span claimant; /* run id that claimed it */
	struct span error;    /* last one's text */
};

/* RC_END when there is none.  Spans live with the transaction's memory. */
enum rc outbox_get(struct txn *t, struct span system, struct span entity,
    struct span uid, struct outbox *o, struct err *e) RC_CHECK;
enum rc outbox_put(struct txn *t, struct span system, struct span entity,
    struct span uid, const struct outbox *o, struct err *e) RC_CHECK;
enum rc outbox_del(struct txn *t, struct span system, struct span entity,
    struct span uid, struct err *e) RC_CHECK;

/* Is anything of the entity pending there at all? */
enum rc outbox_any(struct txn *t, struct span system, struct span entity,
    bool *any, struct err *e) RC_CHECK;

/*
 * Opens a walk over what is pending of the entity there, by uid.  Its prefix,
 * empty before, has to outlive it.
 */
enum rc outbox_walk(struct walk *w, struct txn *t, struct span system,
    struct span entity, struct buf *prefix, struct err *e) RC_CHECK;

/* Decodes a row of a walk over TABLE_OUTBOX. */
enum rc outbox_decode(struct span value, struct outbox *o, struct err *e)
    RC_CHECK;

#endif
