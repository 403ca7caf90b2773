/* SPDX-License-Identifier: MIT */
/*
 * review: records of which a person has to say whether they are one.  Those
 * that share the value of a match key, but not one to one, form a case; so do
 * the two that a merge elsewhere made one.
 *
 *   conflict  entity \0 uid \0 \0 CASE         -> struct review
 *   conflict  \0 CASE entity \0 uid           -> struct review
 *
 * CASE is 16 bytes.  An open member is one to be decided: it is created
 * nowhere.  The other members may be what it is: they are created nowhere
 * where an open one was found or, of a merge, stands.  A case without open
 * members is closed.
 */
#ifndef REVIEW_H
#define REVIEW_H

#include <stdint.h>

#include "hash.h"
#include "state.h"

struct review {
	struct span entity, uid;
	struct hash128 subject;  /* the case */
	bool open;
	struct span system, id;  /* where it was found; empty unless open */
	struct span why;         /* "domain", "name+country": the key */
	int64_t since;           /* ms */
};

enum rc review_put(struct txn *t, const struct review *r, struct err *e)
    RC_CHECK;

/* The same, but one that is open there already stays open. */
enum rc review_add(struct txn *t, const struct review *r, struct err *e)
    RC_CHECK;

/* What a walk visits; a failure ends it and is returned. */
typedef enum rc review_visit(void *arg, const struct review *r,
    struct err *e);

/* The cases a record is a member of.  Spans live with the transaction. */
enum rc review_each_of(struct txn *t, struct span entity, struct span uid,
    review_visit *visit, void *arg, struct err *e) RC_CHECK;
/* All members of a case, ordered by uid. */
enum rc review_each_in(struct txn *t, struct span entity,
    struct hash128 subject, review_visit *visit, void *arg, struct err *e)
    RC_CHECK;
/* All rows of all records. */
enum rc review_each(struct txn *t, review_visit *visit, void *arg,
    struct err *e) RC_CHECK;

/*
 * A row of TABLE_CONFLICT, of either order, as a review; RC_RECORD when it
 * cannot be read, or the other order does not say the same.
 */
enum rc review_check(struct txn *t, struct span key, struct span value,
    struct review *r, struct err *e) RC_CHECK;

/* Is there any review at all?  Costs next to nothing. */
enum rc review_any(struct txn *t, bool *any, struct err *e) RC_CHECK;

/*
 * The record leaves its cases; those that have no open member left are
 * closed: `freed` is told each other member of those (or NULL).
 */
enum rc review_leave(struct txn *t, struct span entity, struct span uid,
    review_visit *freed, void *arg, struct err *e) RC_CHECK;

/*
 * An open member stands in `from` no more: where it was found there, it was
 * found in `system` now.  `freed` is told each other member of its cases: it
 * may be created where it could not.
 */
enum rc review_move(struct txn *t, struct span entity, struct span uid,
    struct span from, struct span system, struct span id,
    review_visit *freed, void *arg, struct err *e) RC_CHECK;

#endif
