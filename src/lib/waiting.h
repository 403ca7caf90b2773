/* SPDX-License-Identifier: MIT */
/*
 * waiting: which fields wait for a person, so that nobody has to look at all
 * records to know.  What counts is the field's own flag (record.h); these rows
 * follow it: record_put_agreed sees to that.
 *
 *   conflict  entity \0 uid \0 field  ->  since, rule, why
 */
#ifndef WAITING_H
#define WAITING_H

#include "record.h"

struct waiting {
	struct span entity, uid, field;
	int64_t since;    /* ms */
	struct span rule; /* the field's, in its entity file; may be empty */
	struct span why;  /* in words; empty: the rule says so */
};

/* The rows become what the record's flags say. */
enum rc waiting_keep(struct txn *t, const struct record *r, struct err *e)
    RC_CHECK;

/* Says why one waits that does; its `since` stays. */
enum rc waiting_because(struct txn *t, const struct waiting *w,
    struct err *e) RC_CHECK;

/* Is this key of TABLE_CONFLICT one of these (or a review's)? */
bool waiting_is(struct span key);

/*
 * All of an entity (empty: of all), ordered by entity, uid, field; spans live
 * with the transaction; a failure of `visit` ends it and is returned.
 */
typedef enum rc waiting_visit(void *arg, const struct waiting *w,
    struct err *e);
enum rc waiting_each(struct txn *t, struct span entity,
    waiting_visit *visit, void *arg, struct err *e) RC_CHECK;

/* Rows for a state that was made before there were any. */
enum rc waiting_build(struct txn *t, struct err *e) RC_CHECK;

#endif
