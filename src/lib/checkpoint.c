/* SPDX-License-Identifier: MIT */
#include "checkpoint.h"

#include "clock.h"
#include "json.h"
#include "limits.h"

enum rc
checkpoint_get(struct txn *t, struct span system, struct span object,
    struct span entity, struct span *json, struct err *e)
{
	KEY_BUF(key);

	KEY(&key, system, object, entity);
	return txn_get(t, TABLE_CHECKPOINT, buf_view(&key), json, e);
}

enum rc
checkpoint_put(struct txn *t, struct span system, struct span object,
    struct span entity, struct span json, struct err *e)
{
	KEY_BUF(key);

	KEY(&key, system, object, entity);
	return txn_put(t, TABLE_CHECKPOINT, buf_view(&key), json, e);
}

enum rc
checkpoint_read_once(struct txn *t, struct span system, struct span object,
    struct span entity, bool *once, int64_t *at, struct err *e)
{
	struct json json;
	struct span text;
	struct arena a;
	enum rc rc = checkpoint_get(t, system, object, entity, &text, e);

	*once = false;
	*at = 0;
	if (rc)
		return rc == RC_END ? RC_OK : rc;
	json_init(&json);
	arena_init(&a);
	rc = json_parse(&json, text, e);
	if (rc)
		rc = err_prefix(e, RC_STATE, "state: a damaged checkpoint");
	else
		*once = json_get(&json, 0, SPAN("full")) != 0;
	if (!rc && !clock_parse(json_get_string(&json, 0, SPAN("at"), &a),
	    at))
		*at = 0;
	arena_free(&a);
	json_free(&json);
	return rc;
}

/* A member that is an instant; 0 when there is none. */
static enum rc
instant_of(struct span row, struct span name, int64_t *at, struct err *e)
{
	struct json json;
	struct arena a;
	enum rc rc;

	json_init(&json);
	arena_init(&a);
	rc = json_parse(&json, row, e);
	if (rc)
		rc = err_prefix(e, RC_STATE, "state: a damaged checkpoint");
	else if (!clock_parse(json_get_string(&json, 0, name, &a), at))
		*at = 0;
	arena_free(&a);
	json_free(&json);
	return rc;
}

enum rc
checkpoint_first(struct txn *t, struct span system, struct span entity,
    int64_t *at, struct err *e)
{
	struct walk w;
	enum rc rc;
	KEY_BUF(prefix);

	*at = 0;
	KEY(&prefix, system, SPAN(""));
	rc = walk_open(&w, t, TABLE_CHECKPOINT, buf_view(&prefix), e);
	while (!rc) {
		struct span rest;
		int64_t one = 0;

		rc = walk_next(&w, e);
		if (rc)
			break;
		rest = span_of(w.key.ptr + prefix.len, w.key.len -
		    prefix.len);
		key_take(&rest);
		if (!span_eq(rest, entity))
			continue;
		rc = instant_of(w.value, SPAN("first"), &one, e);
		if (one && (!*at || one < *at))
			*at = one;
	}
	walk_close(&w);
	return rc == RC_END ? RC_OK : rc;
}

static void
put_todo_key(struct buf *b, const struct source *s, struct span id)
{
	KEY(b, s->system, s->object, s->entity, id);
}

enum rc
todo_put(struct txn *t, const struct source *s, struct span why,
    struct err *e)
{
	KEY_BUF(key);

	put_todo_key(&key, s, s->id);
	return txn_put(t, TABLE_TODO, buf_view(&key), why, e);
}

enum rc
todo_get(struct txn *t, const struct source *s, struct span *why,
    struct err *e)
{
	KEY_BUF(key);

	put_todo_key(&key, s, s->id);
	return txn_get(t, TABLE_TODO, buf_view(&key), why, e);
}

enum rc
todo_del(struct txn *t, const struct source *s, struct err *e)
{
	KEY_BUF(key);

	put_todo_key(&key, s, s->id);
	return txn_del(t, TABLE_TODO, buf_view(&key), e);
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
next_todo(struct txn *t, struct span prefix, bool past, struct buf *key,
    struct err *e)
{
	struct walk w;
	enum rc rc = walk_open(&w, t, TABLE_TODO, prefix, e);

	if (!rc)
		rc = walk_from(&w, buf_view(key), e);
	if (!rc && past)
		rc = walk_next(&w, e);
	buf_reset(key);
	if (!rc)
		buf_span(key, w.key);
	walk_close(&w);
	return rc;
}

enum rc
todo_clear(struct txn *t, const struct source *s, struct err *e)
{
	struct source one = *s;
	bool waits = false;
	enum rc rc;
	KEY_BUF(prefix);
	KEY_BUF(key);

	todo_prefix(&prefix, s);
	buf_span(&key, buf_view(&prefix));
	do {
		rc = next_todo(t, buf_view(&prefix), waits, &key, e);
		one.id = rc ? s->id : span_of(key.ptr + prefix.len,
		    key.len - prefix.len);
		if (!rc)
			rc = refers_on(t, &one, &waits, e);
		if (!rc && !waits)
			rc = txn_del(t, TABLE_TODO, buf_view(&key), e);
	} while (!rc);
	return rc == RC_END ? RC_OK : rc;
}
