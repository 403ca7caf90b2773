/* SPDX-License-Identifier: MIT */
/*
 * recall: records that are to be decided again with the next run that has
 * their entity, though no system shows a change: a person said something, or
 * two became one.
 *
 *   meta  "recall" \0 entity \0 uid            ->  (empty)
 *   meta  "await" \0 system \0 entity \0 uid   ->  (empty)
 *
 * The latter when that system was read.
 */
#ifndef RECALL_H
#define RECALL_H

#include "state.h"

struct review;

enum rc recall_put(struct txn *t, struct span entity, struct span uid,
    struct err *e) RC_CHECK;
/*
 * The other members of a case that is closed may be created again: a
 * review_visit, of this transaction.
 */
enum rc recall_freed(void *txn, const struct review *r, struct err *e)
    RC_CHECK;
enum rc recall_del(struct txn *t, struct span entity, struct span uid,
    struct err *e) RC_CHECK;

enum rc recall_each(struct txn *t, struct span entity, walk_visit *visit,
    void *arg, struct err *e) RC_CHECK;

enum rc recall_put_for(struct txn *t, struct span system,
    struct span entity, struct span uid, struct err *e) RC_CHECK;
enum rc recall_del_for(struct txn *t, struct span system,
    struct span entity, struct span uid, struct err *e) RC_CHECK;
/* Does the record wait for that system to be read? */
enum rc recall_waits_for(struct txn *t, struct span system,
    struct span entity, struct span uid, bool *waits, struct err *e) RC_CHECK;
enum rc recall_each_for(struct txn *t, struct span system,
    struct span entity, walk_visit *visit, void *arg, struct err *e)
    RC_CHECK;

#endif
