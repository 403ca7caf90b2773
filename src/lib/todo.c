/* SPDX-License-Identifier: MIT */
#include "todo.h"

#include "clock.h"
#include "limits.h"

static void
put_todo_key(struct buf *b, const struct source *s, struct span id)
{
	KEY(b, s->system, s->object, s->entity, id);
}

enum rc
todo_put(struct txn *t, const struct source *s, struct span why,
    struct err *e)
{
	struct buf value;
	enum rc rc;
	KEY_BUF(key);

	put_todo_key(&key, s, s->id);
	buf_init(&value, 2 * LIMIT_LINE, "why");
	buf_span(&value, why);
	buf_putc(&value, '\0');
	buf_u64(&value, (uint64_t)clock_now());
	rc = buf_check(&value, e);
	if (!rc)
		rc = txn_put(t, TABLE_TODO, buf_view(&key), buf_view(&value),
		    e);
	buf_free(&value);
	return rc;
}

struct span
todo_decode(struct span value, int64_t *since)
{
	size_t at = value.len;

	*since = 0;
	while (at && value.ptr[at - 1] >= '0' && value.ptr[at - 1] <= '9')
		at--;
	if (!at || value.ptr[at - 1] != '\0' || value.len - at > 18)
		return value;
	for (size_t i = at; i < value.len; i++)
		*since = 10 * *since + (value.ptr[i] - '0');
	return span_of(value.ptr, at - 1);
}

enum rc
todo_get(struct txn *t, const struct source *s, struct span *why,
    struct err *e)
{
	int64_t since;
	enum rc rc;
	KEY_BUF(key);

	put_todo_key(&key, s, s->id);
	rc = txn_get(t, TABLE_TODO, buf_view(&key), why, e);
	if (!rc)
		*why = todo_decode(*why, &since);
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
	int64_t since;

	todo_decode(value, &since);
	return since < began;
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
