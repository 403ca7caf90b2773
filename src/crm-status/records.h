/* SPDX-License-Identifier: MIT */
/*
 * records: every record of an entity once, with what some systems show.
 * Agreed and each system's shadows are in the order of uids, so a pass with a
 * cursor each is enough; they go on in newer snapshots as time passes.
 */
#ifndef RECORDS_H
#define RECORDS_H

#include "../lib/record.h"

/* Sides are there only where the system has, or had, the record. */
typedef enum rc records_visit(void *arg, const struct record *r,
    struct arena *a, struct err *e);

/* `systems`: interned; at most LIMIT_SYSTEMS.  Ends with visit's failure. */
enum rc records_each(struct txn *t, struct span entity,
    const uint32_t *systems, size_t n, records_visit *visit, void *arg,
    struct err *e) RC_CHECK;

#endif
