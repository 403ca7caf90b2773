/* SPDX-License-Identifier: MIT */
/*
 * spread_day: which values were written often in the last 24 hours, hour by
 * hour, so that many small runs are no way around that ceiling.
 *
 *   meta  "spread" \0 entity \0 system \0 field  ->  struct spread_entry ...
 *
 * An hour keeps at most SPREAD_SLOTS values of a field, by their hashes, so
 * that of one a 65th of all that was written may be missing, never more; none
 * has too many.
 */
#ifndef SPREAD_DAY_H
#define SPREAD_DAY_H

#include "../lib/state.h"
#include "spread.h"

/* The row of one field; empty if there is none.  It is the transaction's. */
enum rc spread_day_get(struct txn *t, struct span entity, struct span system,
    struct span field, struct span *row, struct err *e) RC_CHECK;
/* How often a row has the value in the last 24 hours. */
uint64_t spread_day_count(struct span row, uint64_t value);

/* Adds a run's values to the hour that it is; drops hours that are past. */
enum rc spread_day_add(struct txn *t, struct span entity, struct span system,
    struct span field, const struct sketch *s, struct err *e) RC_CHECK;
/* A person has looked: it counts from zero again. */
enum rc spread_day_forget(struct txn *t, struct span entity,
    struct span system, struct span field, struct err *e) RC_CHECK;

#endif
