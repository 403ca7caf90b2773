/* SPDX-License-Identifier: MIT */
/*
 * ref: references between records.  A system shows {"ref":"user","id":"77"},
 * its own id; agreed holds {"ref":"user","uid":"…"}, ours; the id of a target
 * is found at sending.  What is not linked (yet) is unknown: neither null nor
 * a change.
 */
#ifndef REF_H
#define REF_H

#include "state.h"

/* Is this canonical value a reference in either form? */
bool ref_is(struct span value);

/*
 * {"ref","id"} as `system` shows it -> {"ref","uid"} in *out (arena).
 * RC_END when that record is not linked; other values come back as they are.
 * A record that became others (conversion.h) is what the reference asks for.
 * One that is gone under this id and lives on, as another too, is the same
 * reference as before it went: it does not matter which is decided first.
 */
enum rc ref_to_uid(struct txn *t, struct span system, struct span value,
    struct arena *a, struct span *out, struct err *e) RC_CHECK;

/*
 * The uid of that system's record; RC_END: it is not linked.  It may be there
 * no more, or be another's by now (redirects are followed).
 */
enum rc ref_find(struct txn *t, struct span system, struct span entity,
    struct span id, struct arena *a, struct span *uid, struct err *e)
    RC_CHECK;

/* Did what {"ref","id"} means live there once, and does no more? */
enum rc ref_is_gone(struct txn *t, struct span system, struct span value,
    struct arena *a, bool *gone, struct err *e) RC_CHECK;

/*
 * Appends the entities that have links in this system, parted by ','.  While
 * the list stays as it is, what could not be followed before cannot be now,
 * but for entities in it.
 */
enum rc ref_entities(struct txn *t, struct span system, struct buf *b,
    struct err *e) RC_CHECK;
/* Is the reference's entity one of them?  Or is it `own`, this one? */
enum rc ref_may_follow(struct txn *t, struct span system, struct span value,
    struct span own_entity, struct arena *a, bool *may, bool *own,
    struct err *e) RC_CHECK;

/*
 * {"ref","uid"} -> {"ref","id"} as `system` knows it, be it closed there as it
 * became others; RC_END: it does not.
 */
enum rc ref_to_id(struct txn *t, struct span system, struct span value,
    struct arena *a, struct span *out, struct err *e) RC_CHECK;

/*
 * The same, but what is gone there has the id it had last: what a record still
 * shows there, if nobody changed it.
 */
enum rc ref_to_last_id(struct txn *t, struct span system, struct span value,
    struct arena *a, struct span *out, struct err *e) RC_CHECK;

/*
 * {"ref","uid"} as `system` shows it once it was told it: what was merged into
 * another is that one, where it does not stand itself.
 */
enum rc ref_as_told(struct txn *t, struct span system, struct span value,
    struct arena *a, struct span *out, struct err *e) RC_CHECK;

/*
 * {"ref","uid"}: will `system` never be told it, because what it means was
 * archived or deleted, and is not there?  (Unless that comes back.)
 */
enum rc ref_is_lost(struct txn *t, struct span system, struct span value,
    struct arena *a, bool *lost, struct err *e) RC_CHECK;

#endif
