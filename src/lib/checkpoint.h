/* SPDX-License-Identifier: MIT */
/*
 * checkpoint: how far each object of each system was read into an entity, and
 * what still has to be read again whatever the cursor says.
 *
 *   checkpoint  system \0 object \0 entity  ->  JSON object:
 *       {"cursor":{…},"scope":"…","mapping":"…","account":"…","at":"…",
 *        "full":"…"}   full: when it was last read completely
 *   todo  system \0 object \0 id  ->  why (text)
 */
#ifndef CHECKPOINT_H
#define CHECKPOINT_H

#include "state.h"

/* The row's JSON text; RC_END when there is none. */
enum rc checkpoint_get(struct txn *t, struct span system, struct span object,
    struct span entity, struct span *json, struct err *e) RC_CHECK;
enum rc checkpoint_put(struct txn *t, struct span system, struct span object,
    struct span entity, struct span json, struct err *e) RC_CHECK;
/* Was this system's share of the entity ever read completely? */
enum rc checkpoint_read_once(struct txn *t, struct span system,
    struct span object, struct span entity, bool *once, struct err *e)
    RC_CHECK;

enum rc todo_put(struct txn *t, struct span system, struct span object,
    struct span id, struct span why, struct err *e) RC_CHECK;
enum rc todo_del(struct txn *t, struct span system, struct span object,
    struct span id, struct err *e) RC_CHECK;
/* Takes all of this object off the list. */
enum rc todo_clear(struct txn *t, struct span system, struct span object,
    struct err *e) RC_CHECK;
/* Is anything on the list for this object? */
enum rc todo_any(struct txn *t, struct span system, struct span object,
    bool *any, struct err *e) RC_CHECK;

#endif
