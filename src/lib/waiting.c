/* SPDX-License-Identifier: MIT */
#include "waiting.h"

#include "clock.h"

#define ROW_CAP 2048

static void
put_key(struct buf *b, struct span entity, struct span uid,
    struct span field)
{
	KEY(b, entity, uid, field);
}

bool
waiting_is(struct span key)
{
	if (!key.len || !key.ptr[0])
		return false; /* a case */
	key_take(&key);
	key_take(&key);
	return key.len && key.ptr[0];
}

static bool
decode(struct span key, struct span v, struct waiting *w)
{
	uint64_t since;

	w->entity = key_take(&key);
	w->uid = key_take(&key);
	w->field = key;
	if (!span_take_varint(&v, &since) ||
	    !span_take_counted(&v, &w->rule) ||
	    !span_take_counted(&v, &w->why) || v.len)
		return false;
	w->since = (int64_t)since;
	return true;
}

static enum rc
put(struct txn *t, const struct buf *key, const struct waiting *w,
    struct err *e)
{
	char room[ROW_CAP];
	struct buf row = { .ptr = room, .room = sizeof room,
		.cap = sizeof room, .what = "conflict row" };
	enum rc rc;

	buf_varint(&row, (uint64_t)w->since);
	buf_counted(&row, w->rule);
	buf_counted(&row, w->why);
	rc = buf_check(&row, e);
	if (!rc)
		rc = buf_check(key, e);
	return rc ? rc : txn_put(t, TABLE_CONFLICT, buf_view(key),
	    buf_view(&row), e);
}

/* ---- following the flags ---- */

static bool
waits(const struct txn *t, const struct record *r, struct span field)
{
	uint32_t name;
	size_t at = name_find(t->state, field, &name) ?
	    record_find(r, name) : SIZE_MAX;

	return at != SIZE_MAX && r->fields[at].conflict;
}

/* The first row that has no flag; RC_END: there is none. */
static enum rc
find_closed(struct txn *t, const struct record *r, struct buf *key,
    struct err *e)
{
	struct walk w;
	enum rc rc;
	KEY_BUF(prefix);

	put_key(&prefix, r->entity, r->uid, SPAN(""));
	rc = walk_open(&w, t, TABLE_CONFLICT, buf_view(&prefix), e);
	while (!rc) {
		struct span field;

		rc = walk_next(&w, e);
		if (rc)
			break;
		field = span_of(w.key.ptr + prefix.len, w.key.len -
		    prefix.len);
		if (!waiting_is(w.key) || waits(t, r, field))
			continue;
		buf_reset(key);
		buf_span(key, w.key);
		break;
	}
	walk_close(&w);
	return rc;
}

static enum rc
open_one(struct txn *t, const struct record *r, struct span field,
    struct err *e)
{
	const struct waiting w = { .since = clock_now() };
	struct span there;
	enum rc rc;
	KEY_BUF(key);

	put_key(&key, r->entity, r->uid, field);
	rc = txn_get(t, TABLE_CONFLICT, buf_view(&key), &there, e);
	return rc == RC_END ? put(t, &key, &w, e) : rc;
}

enum rc
waiting_keep(struct txn *t, const struct record *r, struct err *e)
{
	enum rc rc = RC_OK;
	KEY_BUF(key);

	for (size_t i = 0; i < r->field_count && !rc; i++)
		if (r->fields[i].conflict)
			rc = open_one(t, r, name_of(t->state,
			    r->fields[i].name), e);
	while (!rc) {
		rc = find_closed(t, r, &key, e);
		if (!rc)
			rc = txn_del(t, TABLE_CONFLICT, buf_view(&key), e);
	}
	return rc == RC_END ? RC_OK : rc;
}

enum rc
waiting_because(struct txn *t, const struct waiting *w, struct err *e)
{
	struct waiting now = { .since = 0 };
	struct span row;
	enum rc rc;
	KEY_BUF(key);

	put_key(&key, w->entity, w->uid, w->field);
	rc = txn_get(t, TABLE_CONFLICT, buf_view(&key), &row, e);
	if (rc)
		return rc == RC_END ? RC_OK : rc;
	if (!decode(buf_view(&key), row, &now))
		now.since = clock_now();
	now.rule = w->rule;
	now.why = w->why;
	return put(t, &key, &now, e);
}

/* ---- all ---- */

enum rc
waiting_each(struct txn *t, struct span entity, waiting_visit *visit,
    void *arg, struct err *e)
{
	struct waiting row;
	struct walk w;
	enum rc rc;
	KEY_BUF(prefix);

	if (entity.len)
		KEY(&prefix, entity, SPAN(""));
	rc = walk_open(&w, t, TABLE_CONFLICT, buf_view(&prefix), e);
	while (!rc) {
		rc = walk_next(&w, e);
		if (rc || !waiting_is(w.key))
			continue;
		rc = decode(w.key, w.value, &row) ? visit(arg, &row, e) :
		    err_set(e, RC_STATE, "state: a damaged conflict; see "
		    "crm-state check");
	}
	walk_close(&w);
	return rc == RC_END ? RC_OK : rc;
}

enum rc
waiting_build(struct txn *t, struct err *e)
{
	struct arena a;
	struct walk w;
	enum rc rc = walk_open(&w, t, TABLE_AGREED, SPAN(""), e);

	arena_init(&a);
	while (!rc) {
		struct span uid;
		struct record r;

		rc = walk_next(&w, e);
		if (rc)
			break;
		arena_reset(&a);
		uid = w.key;
		r.entity = key_take(&uid);
		rc = record_load(t, r.entity, uid, NULL, 0, &a, &r, e);
		if (!rc && r.disputed)
			rc = waiting_keep(t, &r, e);
	}
	walk_close(&w);
	arena_free(&a);
	return rc == RC_END ? RC_OK : rc;
}
