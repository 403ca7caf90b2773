/* SPDX-License-Identifier: MIT */
/*
 * checkpoint: how far each object of each system was read into an entity.
 *
 *   checkpoint  system \0 object \0 entity  ->  JSON object:
 *       {"cursor":{…},"scope":"…","mapping":"…","account":"…","at":"…",
 *        "full":"…","first":"…"}
 *       full: when it was last read completely; first: when first of all
 */
#ifndef CHECKPOINT_H
#define CHECKPOINT_H

#include "state.h"

/* The row's JSON text; RC_END when there is none. */
enum rc checkpoint_get(struct txn *t, struct span system, struct span object,
    struct span entity, struct span *json, struct err *e) RC_CHECK;
enum rc checkpoint_put(struct txn *t, struct span system, struct span object,
    struct span entity, struct span json, struct err *e) RC_CHECK;
/* Was this system's share of the entity ever read completely?  `at` is when
 * its last reading was begun: ms, 0 if that is not known. */
enum rc checkpoint_read_once(struct txn *t, struct span system,
    struct span object, struct span entity, bool *once, int64_t *at,
    struct err *e) RC_CHECK;

/* All that was read of the system into the entity: object, and the row. */
typedef enum rc checkpoint_visit(void *arg, struct span object,
    struct span row, struct err *e);
enum rc checkpoint_each(struct txn *t, struct span system,
    struct span entity, checkpoint_visit *visit, void *arg, struct err *e)
    RC_CHECK;

/* When that system's records were first read into the entity: ms, 0 if that
 * is not known. */
enum rc checkpoint_first(struct txn *t, struct span system,
    struct span entity, int64_t *at, struct err *e) RC_CHECK;

#endif
