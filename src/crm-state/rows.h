/* SPDX-License-Identifier: MIT */
/* rows: what several commands do with rows of the state. */
#ifndef ROWS_H
#define ROWS_H

#include "../lib/audit_tell.h"
#include "../lib/outbox.h"
#include "../lib/record.h"
#include "../lib/run.h"
#include "../lib/stream.h"

/* Every interned name may be a system: all of them, in the arena. */
const uint32_t *rows_all_names(const struct state *s, struct arena *a);

struct outbox_row {
	struct span system, entity, uid;
	struct outbox entry;
};

/* Its spans live on in the arena: a write in the transaction moves rows. */
void rows_keep(struct outbox *o, struct arena *a);

struct pick;

/*
 * Hands every outbox row that is meant to `each`, in key order; with an audit,
 * which `each` may tell of it, in a write transaction of its own for each
 * thousand; rows may be put, not deleted.  Stops at its first failure.
 */
typedef enum rc rows_each(void *arg, struct txn *t, struct outbox_row *row,
    struct err *e);
enum rc rows_outbox(struct state *s, struct pick *pick, struct audit *audit,
    rows_each *each, void *arg, struct err *e) RC_CHECK;

#endif
