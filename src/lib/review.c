/* SPDX-License-Identifier: MIT */
#include "review.h"

#include <string.h>

#include "waiting.h"

#define ROW_CAP 4096
#define FLAG_OPEN 1

static const struct span by_case = { "", 1 }; /* a NUL before them */

static void
put_case(struct buf *b, struct hash128 subject)
{
	buf_put(b, &subject, sizeof subject);
}

static void
put_uid_key(struct buf *b, struct span entity, struct span uid,
    struct hash128 subject)
{
	KEY(b, entity, uid, SPAN(""), SPAN(""));
	put_case(b, subject);
}

static void
put_case_prefix(struct buf *b, struct span entity, struct hash128 subject)
{
	buf_span(b, by_case);
	put_case(b, subject);
	KEY(b, entity, SPAN(""));
}

static bool
decode(struct span key, struct span v, struct review *r)
{
	unsigned char flags;
	struct span subject;

	if (key.len && key.ptr[0] == '\0') {
		if (key.len < 1 + sizeof r->subject)
			return false;
		memcpy(&r->subject, key.ptr + 1, sizeof r->subject);
		key = span_of(key.ptr + 1 + sizeof r->subject, key.len - 1 -
		    sizeof r->subject);
		r->entity = key_take(&key);
		r->uid = key;
	} else {
		r->entity = key_take(&key);
		r->uid = key_take(&key);
		subject = span_of(key.ptr + 1, key.len ? key.len - 1 : 0);
		if (subject.len != sizeof r->subject || key.ptr[0] != '\0')
			return false;
		memcpy(&r->subject, subject.ptr, sizeof r->subject);
	}
	if (!span_take_bytes(&v, &flags, 1) ||
	    !span_take_bytes(&v, &r->since, sizeof r->since) ||
	    !span_take_counted(&v, &r->system) ||
	    !span_take_counted(&v, &r->id) ||
	    !span_take_counted(&v, &r->why) || v.len)
		return false;
	r->open = flags & FLAG_OPEN;
	return true;
}

static enum rc
put_row(struct txn *t, const struct buf *key, const struct buf *row,
    struct err *e)
{
	enum rc rc = buf_check(key, e);

	if (!rc)
		rc = buf_check(row, e);
	return rc ? rc : txn_put(t, TABLE_CONFLICT, buf_view(key),
	    buf_view(row), e);
}

enum rc
review_put(struct txn *t, const struct review *r, struct err *e)
{
	char room[ROW_CAP];
	struct buf row = { .ptr = room, .room = sizeof room,
		.cap = sizeof room, .what = "review" };
	enum rc rc;
	KEY_BUF(key);

	buf_putc(&row, r->open ? FLAG_OPEN : 0);
	buf_put(&row, &r->since, sizeof r->since);
	buf_counted(&row, r->system);
	buf_counted(&row, r->id);
	buf_counted(&row, r->why);
	put_uid_key(&key, r->entity, r->uid, r->subject);
	rc = put_row(t, &key, &row, e);
	buf_reset(&key);
	put_case_prefix(&key, r->entity, r->subject);
	buf_span(&key, r->uid);
	return rc ? rc : put_row(t, &key, &row, e);
}

enum rc
review_add(struct txn *t, const struct review *r, struct err *e)
{
	struct span value;
	enum rc rc;
	KEY_BUF(key);

	put_uid_key(&key, r->entity, r->uid, r->subject);
	rc = txn_get(t, TABLE_CONFLICT, buf_view(&key), &value, e);
	if (rc == RC_OK && value.len && (value.ptr[0] & FLAG_OPEN))
		return RC_OK;
	return rc == RC_OK || rc == RC_END ? review_put(t, r, e) : rc;
}

static enum rc
each(struct txn *t, struct span prefix, review_visit *visit, void *arg,
    struct err *e)
{
	struct walk w;
	struct review r;
	enum rc rc = walk_open(&w, t, TABLE_CONFLICT, prefix, e);

	if (!rc)
		rc = walk_next(&w, e);
	for (; rc == RC_OK; rc = walk_next(&w, e)) {
		if (!prefix.len && w.key.len && (w.key.ptr[0] == '\0' ||
		    waiting_is(w.key)))
			continue; /* each member is met once */
		rc = decode(w.key, w.value, &r) ? visit(arg, &r, e) :
		    err_set(e, RC_STATE, "state: a damaged review; see "
		    "crm-state check");
		if (rc)
			break;
	}
	walk_close(&w);
	return rc == RC_END ? RC_OK : rc;
}

enum rc
review_each_of(struct txn *t, struct span entity, struct span uid,
    review_visit *visit, void *arg, struct err *e)
{
	KEY_BUF(prefix);

	KEY(&prefix, entity, uid, SPAN(""), SPAN(""));
	return each(t, buf_view(&prefix), visit, arg, e);
}

enum rc
review_each_in(struct txn *t, struct span entity, struct hash128 subject,
    review_visit *visit, void *arg, struct err *e)
{
	KEY_BUF(prefix);

	put_case_prefix(&prefix, entity, subject);
	return each(t, buf_view(&prefix), visit, arg, e);
}

enum rc
review_each(struct txn *t, review_visit *visit, void *arg, struct err *e)
{
	return each(t, SPAN(""), visit, arg, e);
}

enum rc
review_any(struct txn *t, bool *any, struct err *e)
{
	struct walk w;
	enum rc rc = walk_open(&w, t, TABLE_CONFLICT, by_case, e);

	if (!rc)
		rc = walk_next(&w, e);
	walk_close(&w);
	*any = rc == RC_OK;
	return rc == RC_END ? RC_OK : rc;
}

enum rc
review_check(struct txn *t, struct span key, struct span value,
    struct review *r, struct err *e)
{
	struct span other;
	enum rc rc;
	KEY_BUF(twin);

	if (!decode(key, value, r))
		return err_set(e, RC_RECORD, "a damaged review");
	if (key.ptr[0] == '\0') {
		put_uid_key(&twin, r->entity, r->uid, r->subject);
	} else {
		put_case_prefix(&twin, r->entity, r->subject);
		buf_span(&twin, r->uid);
	}
	rc = txn_get(t, TABLE_CONFLICT, buf_view(&twin), &other, e);
	if (rc && rc != RC_END)
		return rc;
	return rc == RC_OK && span_eq(other, value) ? RC_OK :
	    err_set(e, RC_RECORD, "a review without its other half");
}

/* ---- leaving ---- */

/* Rows are gathered before they are deleted under a walk. */
struct gathered {
	struct arena arena;
	struct review *rows;
	size_t count, room;
	bool open;             /* one of them is */
};

static enum rc
gather(void *arg, const struct review *r, struct err *e)
{
	struct gathered *g = arg;
	struct review *copy;

	(void)e;
	if (g->count == g->room) {
		size_t room = g->room ? 2 * g->room : 16;
		struct review *rows = arena_alloc(&g->arena, room *
		    sizeof *rows);

		if (g->count)
			memcpy(rows, g->rows, g->count * sizeof *rows);
		g->rows = rows;
		g->room = room;
	}
	copy = &g->rows[g->count++];
	*copy = *r;
	copy->entity = arena_dup(&g->arena, r->entity);
	copy->uid = arena_dup(&g->arena, r->uid);
	copy->system = arena_dup(&g->arena, r->system);
	copy->id = arena_dup(&g->arena, r->id);
	copy->why = arena_dup(&g->arena, r->why);
	g->open |= r->open;
	return RC_OK;
}

static enum rc
delete(struct txn *t, const struct review *r, struct err *e)
{
	enum rc rc;
	KEY_BUF(key);

	put_uid_key(&key, r->entity, r->uid, r->subject);
	rc = txn_del(t, TABLE_CONFLICT, buf_view(&key), e);
	buf_reset(&key);
	put_case_prefix(&key, r->entity, r->subject);
	buf_span(&key, r->uid);
	return rc ? rc : txn_del(t, TABLE_CONFLICT, buf_view(&key), e);
}

/* Closes the case if nobody in it waits any more. */
static enum rc
close_case(struct txn *t, struct span entity, struct hash128 subject,
    review_visit *freed, void *arg, struct err *e)
{
	struct gathered g = { .count = 0 };
	enum rc rc;

	arena_init(&g.arena);
	rc = review_each_in(t, entity, subject, gather, &g, e);
	for (size_t i = 0; i < g.count && !g.open && !rc; i++) {
		rc = delete(t, &g.rows[i], e);
		if (!rc && freed)
			rc = freed(arg, &g.rows[i], e);
	}
	arena_free(&g.arena);
	return rc;
}

enum rc
review_leave(struct txn *t, struct span entity, struct span uid,
    review_visit *freed, void *arg, struct err *e)
{
	struct gathered g = { .count = 0 };
	enum rc rc;

	arena_init(&g.arena);
	rc = review_each_of(t, entity, uid, gather, &g, e);
	for (size_t i = 0; i < g.count && !rc; i++) {
		rc = delete(t, &g.rows[i], e);
		if (!rc)
			rc = close_case(t, entity, g.rows[i].subject, freed,
			    arg, e);
	}
	arena_free(&g.arena);
	return rc;
}

/* ---- moving ---- */

/* What the others of a case are told, when one of them has moved. */
struct telling {
	struct span uid;
	review_visit *freed;
	void *arg;
};

static enum rc
tell_other(void *arg, const struct review *r, struct err *e)
{
	const struct telling *x = arg;

	return span_eq(r->uid, x->uid) ? RC_OK : x->freed(x->arg, r, e);
}

enum rc
review_move(struct txn *t, struct span entity, struct span uid,
    struct span from, struct span system, struct span id,
    review_visit *freed, void *arg, struct err *e)
{
	struct telling x = { uid, freed, arg };
	struct gathered g = { .count = 0 };
	enum rc rc;

	arena_init(&g.arena);
	rc = review_each_of(t, entity, uid, gather, &g, e);
	for (size_t i = 0; i < g.count && !rc; i++) {
		struct review *r = &g.rows[i];

		if (!r->open)
			continue;
		if (span_eq(r->system, from)) {
			r->system = system;
			r->id = id;
			rc = review_put(t, r, e);
		}
		if (!rc)
			rc = review_each_in(t, entity, r->subject, tell_other,
			    &x, e);
	}
	arena_free(&g.arena);
	return rc;
}
