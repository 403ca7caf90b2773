/* SPDX-License-Identifier: MIT */
#include "todo.h"

#include "clock.h"
#include "limits.h"

#define SINCE_DIGITS 18

static void
put_todo_key(struct buf *b, const struct source *s, struct span id)
{
	KEY(b, s->system, s->object, s->entity, id);
}

/* Cuts what follows the last NUL off; false: there is none. */
static bool
cut_last(struct span *s, struct span *last)
{
	size_t at = s->len;

	while (at && s->ptr[at - 1] != '\0')
		at--;
	if (!at)
		return false;
	*last = span_of(s->ptr + at, s->len - at);
	s->len = at - 1;
	return true;
}

static bool
take_since(struct span digits, int64_t *since)
{
	bool all = digits.len && digits.len <= SINCE_DIGITS;

	for (size_t i = 0; i < digits.len && all; i++) {
		all = digits.ptr[i] >= '0' && digits.ptr[i] <= '9';
		*since = 10 * *since + (digits.ptr[i] - '0');
	}
	return all;
}

struct todo
todo_decode(struct span value)
{
	struct todo row = { .why = value, .into = SPAN("") };
	struct span since, into;

	if (!cut_last(&row.why, &since) || !take_since(since, &row.since))
		return (struct todo){ .why = value, .into = SPAN("") };
	if (cut_last(&row.why, &into) && into.len <= LIMIT_ID)
		row.into = into;
	return row;
}

enum rc
todo_put_merged(struct txn *t, const struct source *s, struct span why,
    struct span into, struct err *e)
{
	struct buf value;
	enum rc rc;
	KEY_BUF(key);

	put_todo_key(&key, s, s->id);
	buf_init(&value, 2 * LIMIT_LINE, "why");
	buf_put(&value, why.ptr, strnlen(why.ptr, why.len));
	buf_putc(&value, '\0');
	if (into.len) {
		buf_span(&value, into);
		buf_putc(&value, '\0');
	}
	buf_u64(&value, (uint64_t)clock_now());
	rc = buf_check(&value, e);
	if (!rc)
		rc = txn_put(t, TABLE_TODO, buf_view(&key), buf_view(&value),
		    e);
	buf_free(&value);
	return rc;
}

enum rc
todo_put(struct txn *t, const struct source *s, struct span why,
    struct err *e)
{
	char into[LIMIT_ID];
	struct todo was = { .into = SPAN("") };
	enum rc rc = todo_get(t, s, &was, e);

	if (rc && rc != RC_END)
		return rc;
	/* a write may move what was read */
	memcpy(into, was.into.ptr, was.into.len);
	return todo_put_merged(t, s, why, span_of(into, was.into.len), e);
}

enum rc
todo_get(struct txn *t, const struct source *s, struct todo *row,
    struct err *e)
{
	struct span value;
	enum rc rc;
	KEY_BUF(key);

	put_todo_key(&key, s, s->id);
	rc = txn_get(t, TABLE_TODO, buf_view(&key), &value, e);
	if (!rc)
		*row = todo_decode(value);
	return rc;
}

enum rc
todo_del(struct txn *t, const struct source *s, struct err *e)
{
	KEY_BUF(key);

	put_todo_key(&key, s, s->id);
	return txn_del(t, TABLE_TODO, buf_view(&key), e);
}

/* Does what was begun to be read then show what the row is about? */
static bool
is_settled(struct span value, int64_t began)
{
	return todo_decode(value).since < began;
}

enum rc
todo_settle(struct txn *t, const struct source *s, int64_t began,
    struct err *e)
{
	struct span value;
	enum rc rc;
	KEY_BUF(key);

	put_todo_key(&key, s, s->id);
	rc = txn_get(t, TABLE_TODO, buf_view(&key), &value, e);
	if (rc)
		return rc == RC_END ? RC_OK : rc;
	return is_settled(value, began) ? txn_del(t, TABLE_TODO,
	    buf_view(&key), e) : RC_OK;
}

void
todo_prefix(struct buf *key, const struct source *s)
{
	put_todo_key(key, s, SPAN(""));
}

enum rc
todo_any(struct txn *t, const struct source *s, bool *any, struct err *e)
{
	KEY_BUF(key);

	todo_prefix(&key, s);
	return walk_any(t, TABLE_TODO, buf_view(&key), any, e);
}

/*
 * Does that record refer to what could not be followed when it was last seen?
 * (link.h, `seen`)
 */
static enum rc
refers_on(struct txn *t, const struct source *s, bool *waits, struct err *e)
{
	struct span value;
	struct link l;
	enum rc rc;
	KEY_BUF(key);

	link_prefix(&key, s->entity, s->system, s->object);
	buf_span(&key, s->id);
	rc = txn_get(t, TABLE_LINK, buf_view(&key), &value, e);
	*waits = !rc && link_peek(value, &l) && l.live &&
	    (hash128_eq(l.seen, (struct hash128){ 0, 0 }) ||
	    hash128_eq(l.seen, link_partly));
	return rc == RC_END ? RC_OK : rc;
}

/* The first key from `key` on or, `past` it, into it; RC_END after the last. */
static enum rc
next_todo(struct txn *t, struct span prefix, bool past, int64_t began,
    struct buf *key, bool *settled, struct err *e)
{
	struct walk w;
	enum rc rc = walk_open(&w, t, TABLE_TODO, prefix, e);

	if (!rc)
		rc = walk_from(&w, buf_view(key), e);
	if (!rc && past)
		rc = walk_next(&w, e);
	buf_reset(key);
	if (!rc) {
		buf_span(key, w.key);
		*settled = is_settled(w.value, began);
	}
	walk_close(&w);
	return rc;
}

enum rc
todo_clear(struct txn *t, const struct source *s, int64_t began,
    struct err *e)
{
	struct source one = *s;
	bool stays = false, settled = false, waits = false;
	enum rc rc;
	KEY_BUF(prefix);
	KEY_BUF(key);

	todo_prefix(&prefix, s);
	buf_span(&key, buf_view(&prefix));
	do {
		rc = next_todo(t, buf_view(&prefix), stays, began, &key,
		    &settled, e);
		one.id = rc ? s->id : span_of(key.ptr + prefix.len,
		    key.len - prefix.len);
		if (!rc)
			rc = refers_on(t, &one, &waits, e);
		stays = waits || !settled;
		if (!rc && !stays)
			rc = txn_del(t, TABLE_TODO, buf_view(&key), e);
	} while (!rc);
	return rc == RC_END ? RC_OK : rc;
}
