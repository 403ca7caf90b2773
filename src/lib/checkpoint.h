/* SPDX-License-Identifier: MIT */
/*
 * checkpoint: how far each object of each system was read into an entity, and
 * what still has to be read again whatever the cursor says.
 *
 *   checkpoint  system \0 object \0 entity  ->  JSON object:
 *       {"cursor":{…},"scope":"…","mapping":"…","account":"…","at":"…",
 *        "full":"…","first":"…"}
 *       full: when it was last read completely; first: when first of all
 *   todo  system \0 object \0 entity \0 id  ->  why (text)
 */
#ifndef CHECKPOINT_H
#define CHECKPOINT_H

#include "link.h"

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

/* When that system's records were first read into the entity: ms, 0 if that
 * is not known. */
enum rc checkpoint_first(struct txn *t, struct span system,
    struct span entity, int64_t *at, struct err *e) RC_CHECK;

/* Whys with a meaning: the system has no such record, and says no more; a
 * person said that it was deleted. */
#define TODO_MISSING SPAN("missing")
#define TODO_GONE SPAN("deleted, a person said")

enum rc todo_put(struct txn *t, const struct source *s, struct span why,
    struct err *e) RC_CHECK;
/* Why it is on the list; RC_END: it is not. */
enum rc todo_get(struct txn *t, const struct source *s, struct span *why,
    struct err *e) RC_CHECK;
enum rc todo_del(struct txn *t, const struct source *s, struct err *e)
    RC_CHECK;
/* Below, the source's id does not matter. */
/*
 * Takes all of this object, as read into the entity, off the list, but what
 * refers to a record that is not known: nothing else would follow that later.
 */
enum rc todo_clear(struct txn *t, const struct source *s, struct err *e)
    RC_CHECK;
/* Appends what the keys of all of it begin with. */
void todo_prefix(struct buf *key, const struct source *s);
/* Is anything of it on the list? */
enum rc todo_any(struct txn *t, const struct source *s, bool *any,
    struct err *e) RC_CHECK;

#endif
