/* SPDX-License-Identifier: MIT */
/*
 * redirect: two records of ours become one.  What refers to the one that was
 * given up finds the one that stands.
 *
 *   meta  "redirect" \0 entity \0 uid  ->  uid
 */
#ifndef REDIRECT_H
#define REDIRECT_H

#include "audit.h"
#include "policy.h"
#include "state.h"

/*
 * Whose it is by now, however often that moved; in the arena.  RC_END: it is
 * still its own.
 */
enum rc redirect_get(struct txn *t, struct span entity, struct span uid,
    struct arena *a, struct span *into, struct err *e) RC_CHECK;

enum rc redirect_put(struct txn *t, struct span entity, struct span uid,
    struct span into, struct err *e) RC_CHECK;
enum rc redirect_del(struct txn *t, struct span entity, struct span uid,
    struct err *e) RC_CHECK;

/*
 * Does the record live in that system?  Or came from there, by its uid, and was
 * not read there (it could not be used, or state was put back): then it may.
 */
bool redirect_has_place(const struct txn *t, const struct record *into,
    uint32_t system);

/*
 * RC_RECORD, with the reason, while something is being delivered of either: the
 * answer would find another record; or was, and it is not known whether it
 * arrived, nor was the system read since: what is shown would be taken for an
 * edit of that other one.
 */
enum rc redirect_may_join(struct txn *t, const struct policy *p,
    struct span from, struct span into, struct err *e) RC_CHECK;

/* The same of one record alone. */
enum rc redirect_may_move(struct txn *t, const struct policy *p,
    struct span uid, struct err *e) RC_CHECK;

struct join {
	struct span into;     /* who stands; the arena's */
	size_t moved;         /* live records of other systems that moved */
	size_t second;        /* those that stay: `into` has one there */
	struct span system, id; /* the first of those */
};

/*
 * `from` becomes `into`, all in this transaction: its links, values where
 * `into` has none, its cases and its place in the queue.  What it shows in a
 * system where `into` is not moves there: as it stands, and what differs from
 * `into` is told; or, at a `first` contact, as never shown: it is read again
 * and decided as such, and so is a field that was in conflict.  Where both
 * are, the second stays as it is, to be looked at: nothing is sent to it.
 * `into` is decided again next time.
 *
 * RC_END: `into` is not known or does not live (any more).  RC_RECORD: not
 * now, with the reason: a delivery to one of them is under way.  Joining what
 * is joined already is RC_OK and does nothing.
 */
enum rc redirect_join(struct txn *t, const struct policy *p,
    struct span from, struct span into, bool first, struct arena *a,
    struct join *j, struct err *e) RC_CHECK;

/*
 * In that system `from`, which became `into`, is what is left of the two: from
 * now on `into` stands there as that, instead of what it had there.  It is read
 * again, as never shown.  RC_END: `from` does not live there.
 */
enum rc redirect_stand_in(struct txn *t, const struct policy *p,
    struct span from, struct span into, uint32_t system, struct arena *a,
    struct join *j, struct err *e) RC_CHECK;

/* The audit's line of it; `why` is "merge", or "person" who says so. */
void redirect_tell(struct audit *a, struct span entity, struct span from,
    const struct join *j, const char *why);

#endif
