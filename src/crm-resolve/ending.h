/* SPDX-License-Identifier: MIT */
/*
 * ending: a record ends in a system: it was deleted, merged into another, or
 * converted into records of other entities.
 */
#ifndef ENDING_H
#define ENDING_H

#include "field.h"

/*
 * May it end there?  What lives again elsewhere may have been merged only; and
 * a listing says nothing of what was read, or written, there after it was
 * begun, though it lacks it.
 */
bool ending_may(const struct work *w, const struct observation *o,
    const struct side *s);

/* What follows for the record, and for where it stands elsewhere: after its
 * fields were decided. */
enum rc ending_take(struct work *w, struct txn *t, struct err *e) RC_CHECK;

#endif
