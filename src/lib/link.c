/* SPDX-License-Identifier: MIT */
#include "link.h"

#include "limits.h"

/* flags ordinal since scope seen, then the uid unless it is its own origin */
#define FIXED (1 + 8 + 8 + 4 + 16)
#define FLAG_LIVE 1
#define FLAG_MERGED 2

void
link_prefix(struct buf *b, struct span entity, struct span system,
    struct span object)
{
	KEY(b, entity, system, object, SPAN(""));
}

static void
put_key(struct buf *b, const struct source *s)
{
	KEY(b, s->entity, s->system, s->object, s->id);
}

void
uid_put(struct buf *b, struct span system, struct span object,
    struct span id)
{
	buf_span(b, system);
	buf_putc(b, ':');
	buf_span(b, object);
	buf_putc(b, ':');
	buf_span(b, id);
}

struct span
uid_make(struct arena *a, struct span system, struct span object,
    struct span id)
{
	char *text = arena_alloc(a, system.len + object.len + id.len + 2);
	struct buf b = { .ptr = text, .cap = SIZE_MAX,
		.room = system.len + object.len + id.len + 2 };

	uid_put(&b, system, object, id);
	return buf_view(&b);
}

bool
link_peek(struct span v, struct link *l)
{
	if (v.len < FIXED)
		return false;
	l->live = v.ptr[0] & FLAG_LIVE;
	l->merged = !l->live && v.ptr[0] & FLAG_MERGED;
	memcpy(&l->ordinal, v.ptr + 1, 8);
	memcpy(&l->since, v.ptr + 9, 8);
	memcpy(&l->scope, v.ptr + 17, 4);
	memcpy(&l->seen, v.ptr + 21, 16);
	l->uid = span_of(v.ptr + FIXED, v.len - FIXED);
	return true;
}

enum rc
link_decode(struct span key, struct span value, struct link *l,
    struct arena *a, struct err *e)
{
	struct span system, object;

	if (!link_peek(value, l))
		return err_set(e, RC_STATE, "state: a damaged link; see "
		    "crm-state check");
	if (l->uid.len)
		return RC_OK;
	key_take(&key);
	system = key_take(&key);
	object = key_take(&key);
	l->uid = uid_make(a, system, object, key);
	return RC_OK;
}

enum rc
link_get(struct txn *t, const struct source *s, struct link *l,
    struct arena *a, struct err *e)
{
	char room[LIMIT_KEY + 1];
	struct buf key = { .ptr = room, .room = sizeof room,
		.cap = sizeof room };
	struct span value;
	enum rc rc;

	put_key(&key, s);
	if (key.over || key.len > LIMIT_KEY)
		return RC_END;
	rc = txn_get(t, TABLE_LINK, buf_view(&key), &value, e);
	if (rc == RC_OK)
		rc = link_decode(buf_view(&key), value, l, a, e);
	/* a write in this transaction may move the page under us */
	if (rc == RC_OK && (t->write || t->outlived))
		l->uid = arena_dup(a, l->uid);
	return rc;
}

enum rc
link_put(struct txn *t, const struct source *s, const struct link *l,
    struct err *e)
{
	char room[2 * LIMIT_KEY], value_room[FIXED + LIMIT_KEY];
	struct buf key = { .ptr = room, .room = sizeof room,
		.cap = sizeof room };
	struct buf value = { .ptr = value_room, .room = sizeof value_room,
		.cap = sizeof value_room };
	struct buf own;

	buf_init(&own, SIZE_MAX, "uid");
	put_key(&key, s);
	buf_putc(&value, l->live ? FLAG_LIVE : l->merged ? FLAG_MERGED : 0);
	buf_put(&value, &l->ordinal, 8);
	buf_put(&value, &l->since, 8);
	buf_put(&value, &l->scope, 4);
	buf_put(&value, &l->seen, 16);
	own.ptr = value.ptr + value.len;
	own.room = value.room - value.len;
	own.cap = own.room;
	uid_put(&own, s->system, s->object, s->id);
	if (!span_eq(buf_view(&own), l->uid))
		buf_span(&value, l->uid);
	if (key.over || value.over || own.over)
		return err_set(e, RC_RECORD, "its names and id are too long");
	return txn_put(t, TABLE_LINK, buf_view(&key), buf_view(&value), e);
}

/* A tally's key cannot be a link's: its first byte is NUL. */
static void
put_tally_key(struct buf *b, const struct source *s)
{
	KEY(b, SPAN(""), s->entity, s->system, s->object);
}

enum rc
tally_get(struct txn *t, const struct source *s, struct tally *n,
    struct err *e)
{
	char room[LIMIT_KEY];
	struct buf key = { .ptr = room, .room = sizeof room,
		.cap = sizeof room };
	struct span value;
	enum rc rc;

	put_tally_key(&key, s);
	*n = (struct tally){ 0 };
	rc = txn_get(t, TABLE_META, buf_view(&key), &value, e);
	if (rc == RC_END)
		return RC_OK;
	if (rc == RC_OK && value.len != sizeof *n)
		return err_set(e, RC_STATE, "state: a damaged tally; see "
		    "crm-state check");
	if (rc == RC_OK)
		memcpy(n, value.ptr, sizeof *n);
	return rc;
}

enum rc
tally_put(struct txn *t, const struct source *s, const struct tally *n,
    struct err *e)
{
	char room[LIMIT_KEY];
	struct buf key = { .ptr = room, .room = sizeof room,
		.cap = sizeof room };

	put_tally_key(&key, s);
	return txn_put(t, TABLE_META, buf_view(&key),
	    span_of((const char *)n, sizeof *n), e);
}
