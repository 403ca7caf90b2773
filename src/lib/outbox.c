/* SPDX-License-Identifier: MIT */
#include "outbox.h"

#include "flight.h"
#include "limits.h"

#define ROW_CAP (2048 + FLIGHT_CAP)

#define FLAG_RELEASED 1
#define FLAG_HELD 2
#define FLAG_INTENT 4
#define FLAG_KEPT 8
#define FLAG_SKIPPED 16
#define FLAG_MADE 32
#define FLAG_ASKS 64

enum rc
outbox_decode(struct span v, struct outbox *o, struct err *e)
{
	uint64_t lease, next_try, attempts, since = 0;
	unsigned char flags;

	o->flight = SPAN("");
	if (!span_take_bytes(&v, &flags, 1) ||
	    !span_take_varint(&v, &o->version) ||
	    !span_take_varint(&v, &lease) ||
	    !span_take_varint(&v, &next_try) ||
	    !span_take_varint(&v, &attempts) ||
	    !span_take_counted(&v, &o->claimant) ||
	    !span_take_counted(&v, &o->error) ||
	    (v.len && (!span_take_varint(&v, &since) ||
	    (!since && !v.len))) ||
	    (v.len && !span_take_counted(&v, &o->flight)) || v.len)
		return err_set(e, RC_STATE, "state: a damaged outbox row; see "
		    "crm-state check");
	o->released = flags & FLAG_RELEASED;
	o->held = flags & FLAG_HELD;
	o->intent = flags & FLAG_INTENT;
	o->kept = flags & FLAG_KEPT;
	o->made = flags & FLAG_MADE;
	o->skipped = flags & FLAG_SKIPPED;
	o->asks = flags & FLAG_ASKS;
	o->lease = (int64_t)lease;
	o->next_try = (int64_t)next_try;
	o->attempts = (uint32_t)attempts;
	o->since = (int64_t)since;
	return RC_OK;
}

enum rc
outbox_get(struct txn *t, struct span system, struct span entity,
    struct span uid, struct outbox *o, struct err *e)
{
	struct span value;
	enum rc rc;
	KEY_BUF(key);

	KEY(&key, system, entity, uid);
	rc = txn_get(t, TABLE_OUTBOX, buf_view(&key), &value, e);
	return rc ? rc : outbox_decode(value, o, e);
}

enum rc
outbox_put(struct txn *t, struct span system, struct span entity,
    struct span uid, const struct outbox *o, struct err *e)
{
	char room[ROW_CAP];
	struct buf row = { .ptr = room, .room = sizeof room,
		.cap = sizeof room, .what = "outbox row" };
	enum rc rc;
	KEY_BUF(key);

	KEY(&key, system, entity, uid);
	buf_putc(&row, (char)((o->released ? FLAG_RELEASED : 0) |
	    (o->held ? FLAG_HELD : 0) | (o->intent ? FLAG_INTENT : 0) |
	    (o->made ? FLAG_MADE : 0) |
	    (o->kept && !o->released ? FLAG_KEPT : 0) |
	    (o->asks && !o->released ? FLAG_ASKS : 0) |
	    (o->held && o->skipped ? FLAG_SKIPPED : 0)));
	buf_varint(&row, o->version);
	buf_varint(&row, (uint64_t)o->lease);
	buf_varint(&row, (uint64_t)o->next_try);
	buf_varint(&row, o->attempts);
	buf_counted(&row, o->claimant);
	buf_counted(&row, o->error);
	if (o->since || o->flight.len) /* rows of before have none */
		buf_varint(&row, (uint64_t)o->since);
	if (o->flight.len)
		buf_counted(&row, o->flight);
	rc = buf_check(&row, e);
	return rc ? rc : txn_put(t, TABLE_OUTBOX, buf_view(&key),
	    buf_view(&row), e);
}

enum rc
outbox_del(struct txn *t, struct span system, struct span entity,
    struct span uid, struct err *e)
{
	KEY_BUF(key);

	KEY(&key, system, entity, uid);
	return txn_del(t, TABLE_OUTBOX, buf_view(&key), e);
}

enum rc
outbox_any(struct txn *t, struct span system, struct span entity, bool *any,
    struct err *e)
{
	KEY_BUF(key);

	KEY(&key, system, entity, SPAN(""));
	return walk_any(t, TABLE_OUTBOX, buf_view(&key), any, e);
}

enum rc
outbox_walk(struct walk *w, struct txn *t, struct span system,
    struct span entity, struct buf *prefix, struct err *e)
{
	KEY(prefix, system, entity, SPAN(""));
	return walk_open(w, t, TABLE_OUTBOX, buf_view(prefix), e);
}
