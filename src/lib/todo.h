/* SPDX-License-Identifier: MIT */
/*
 * todo: what has to be read again whatever the cursor says.
 *
 *   todo  system \0 object \0 entity \0 id  ->  why (text) \0 [into \0] since
 *
 * `since`: ms in decimals, when it was put.  Only what was begun to be read
 * later takes it off again: a listing that was under way does not show what
 * made somebody put it there.  Rows of format 4 have no since: long ago.
 *
 * `into`: the id there of what it was merged into, where that could not be
 * followed yet.  When its row goes away meanwhile, that is no deletion.
 */
#ifndef TODO_H
#define TODO_H

#include "link.h"

/* Whys with a meaning: the system has no such record, and says no more; a
 * person said that it was deleted; it was read while we made it there; what is
 * shown may be from before what is known of it by now; it was read, but for
 * what it refers to. */
#define TODO_MISSING SPAN("missing")
#define TODO_GONE SPAN("deleted, a person said")
#define TODO_MADE SPAN("read while it was made")
#define TODO_DIED SPAN("it died meanwhile")
#define TODO_MEANWHILE SPAN("it was read or written meanwhile")
#define TODO_REFERS SPAN("refers to a record that is not known")
/* It was shown as itself: one that is gone, or merged, is never rejected. */
#define TODO_REJECTED SPAN("rejected")

/* What a row's value says; into is empty where it was not merged. */
struct todo {
	struct span why, into;
	int64_t since;
};

/* What the row there was says it was merged into stays. */
enum rc todo_put(struct txn *t, const struct source *s, struct span why,
    struct err *e) RC_CHECK;
/* That it was merged into this; empty: it was not. */
enum rc todo_put_merged(struct txn *t, const struct source *s, struct span why,
    struct span into, struct err *e) RC_CHECK;
/* Its row, valid while the transaction writes nothing; RC_END: none. */
enum rc todo_get(struct txn *t, const struct source *s, struct todo *row,
    struct err *e) RC_CHECK;
struct todo todo_decode(struct span value);
enum rc todo_del(struct txn *t, const struct source *s, struct err *e)
    RC_CHECK;
/* Takes it off if it was there before `began`, when reading it was begun. */
enum rc todo_settle(struct txn *t, const struct source *s, int64_t began,
    struct err *e) RC_CHECK;

/* Below, the source's id does not matter. */
/*
 * The same of all of this object, as read into the entity, but of what refers
 * to a record that is not known: nothing else would follow that later.
 */
enum rc todo_clear(struct txn *t, const struct source *s, int64_t began,
    struct err *e) RC_CHECK;
/* Appends what the keys of all of it begin with. */
void todo_prefix(struct buf *key, const struct source *s);
/* Is anything of it on the list? */
enum rc todo_any(struct txn *t, const struct source *s, bool *any,
    struct err *e) RC_CHECK;

#endif
