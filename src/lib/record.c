/* SPDX-License-Identifier: MIT */
#include "record.h"

#include "history.h"
#include "limits.h"
#include "waiting.h"

#define ROW_CAP (4u * LIMIT_LINE) /* each system may bring other fields */
#define SPARE_FIELDS 4 /* more than a row has: a mapping may have grown */
#define FIRST_SIDES 4

/* bits of an agreed field's flags byte */
#define FIELD_CONFLICT 1
#define FIELD_OWN_TIME 2   /* else the record's */
#define FIELD_OWN_ORIGIN 4 /* else the record's */
#define FIELD_NULL 8
#define FIELD_NEVER 16     /* null since ever: no time, no origin */
#define FIELD_BEFORE 32    /* has `before` and `flips` */
#define FIELD_PAST 64
#define FIELD_EXACT 128    /* its time is exact */

const struct span record_null = { "null", 4 };

static uint64_t
zigzag(int64_t n)
{
	return ((uint64_t)n << 1) ^ (uint64_t)(n >> 63);
}

static int64_t
unzigzag(uint64_t n)
{
	return (int64_t)(n >> 1) ^ -(int64_t)(n & 1);
}

static enum rc
damaged(const struct record *r, struct err *e)
{
	return err_set(e, RC_STATE, "state: the row of %.*s is damaged; see "
	    "crm-state check", SPAN_ARG(r->uid));
}

/* ---- in memory ---- */

static struct span *
grown(const struct span *values, size_t n, size_t room, struct arena *a)
{
	struct span *v = arena_zero(a, room * sizeof *v);

	if (n)
		memcpy(v, values, n * sizeof *v);
	return v;
}

static void
grow_fields(struct record *r, size_t room, struct arena *a)
{
	struct agreed_field *fields = arena_alloc(a, room * sizeof *fields);

	if (r->field_count)
		memcpy(fields, r->fields, r->field_count * sizeof *fields);
	for (size_t i = 0; i < r->side_count; i++) {
		struct side *s = &r->sides[i];

		s->value = grown(s->value, r->field_count, room, a);
		if (s->sent)
			s->sent = grown(s->sent, r->field_count, room, a);
	}
	r->fields = fields;
	r->field_room = room;
}

void
record_room(struct record *r, size_t fields, struct arena *a)
{
	if (r->field_room < fields)
		grow_fields(r, fields, a);
}

size_t
record_add(struct record *r, uint32_t name, struct arena *a)
{
	size_t at = record_find(r, name);

	return at != SIZE_MAX ? at : record_append(r, name, a);
}

size_t
record_append(struct record *r, uint32_t name, struct arena *a)
{
	if (r->field_count == r->field_room)
		grow_fields(r, 2 * r->field_room + SPARE_FIELDS, a);
	r->fields[r->field_count] = (struct agreed_field){ .name = name,
		.value = record_null };
	return r->field_count++;
}

struct side *
record_side(const struct record *r, uint32_t system)
{
	for (size_t i = 0; i < r->side_count; i++)
		if (r->sides[i].system == system)
			return &r->sides[i];
	return NULL;
}

struct side *
record_add_side(struct record *r, uint32_t system, struct arena *a)
{
	struct side *s = record_side(r, system);

	if (s)
		return s;
	if (r->side_count == r->side_room) {
		size_t room = r->side_room ? 2 * r->side_room : FIRST_SIDES;
		struct side *sides = arena_alloc(a, room * sizeof *sides);

		if (r->side_count)
			memcpy(sides, r->sides, r->side_count * sizeof *sides);
		r->sides = sides;
		r->side_room = room;
	}
	if (!r->field_room)
		grow_fields(r, SPARE_FIELDS, a);
	s = &r->sides[r->side_count++];
	*s = (struct side){ .system = system };
	s->value = arena_zero(a, r->field_room * sizeof *s->value);
	return s;
}

void
record_hold(const struct record *r, struct side *s, size_t field,
    struct span value, struct span sent, struct arena *a)
{
	s->value[field] = value;
	if (!s->sent && sent.ptr)
		s->sent = arena_zero(a, r->field_room * sizeof *s->sent);
	if (s->sent)
		s->sent[field] = sent;
}

/* ---- rows ---- */

static void
encode_field(struct buf *b, const struct record *r,
    const struct agreed_field *f)
{
	bool null = span_eq(f->value, record_null);
	bool never = null && !f->time && !f->origin && !f->conflict &&
	    !f->before && !f->past.len;
	unsigned flags = never ? FIELD_NULL | FIELD_NEVER :
	    (f->conflict ? FIELD_CONFLICT : 0) |
	    (f->time != r->life_time ? FIELD_OWN_TIME : 0) |
	    (f->origin != r->life_origin ? FIELD_OWN_ORIGIN : 0) |
	    (null ? FIELD_NULL : 0) | (f->before ? FIELD_BEFORE : 0) |
	    (f->past.len ? FIELD_PAST : 0) | (f->exact ? FIELD_EXACT : 0);

	buf_varint(b, f->name);
	buf_putc(b, (char)flags);
	if (flags & FIELD_OWN_TIME)
		buf_varint(b, zigzag(f->time - r->life_time));
	if (flags & FIELD_OWN_ORIGIN)
		buf_varint(b, f->origin);
	if (flags & FIELD_BEFORE) {
		buf_varint(b, f->before);
		buf_putc(b, (char)f->flips);
	}
	if (f->past.len)
		buf_counted(b, f->past);
	if (!null)
		buf_counted(b, f->value);
}

static bool
decode_field(struct span *v, const struct record *r, struct agreed_field *f)
{
	uint64_t name, time = 0, origin = r->life_origin, before = 0;
	unsigned char flags, flips = 0;

	if (!span_take_varint(v, &name) || !span_take_bytes(v, &flags, 1))
		return false;
	if ((flags & FIELD_OWN_TIME) && !span_take_varint(v, &time))
		return false;
	if ((flags & FIELD_OWN_ORIGIN) && !span_take_varint(v, &origin))
		return false;
	if ((flags & FIELD_BEFORE) && (!span_take_varint(v, &before) ||
	    !span_take_bytes(v, &flips, 1)))
		return false;
	*f = (struct agreed_field){ .name = (uint32_t)name,
		.value = record_null, .conflict = flags & FIELD_CONFLICT,
		.exact = flags & FIELD_EXACT,
		.before = (uint32_t)before, .flips = flips };
	if (!(flags & FIELD_NEVER)) {
		f->origin = (uint32_t)origin;
		f->time = r->life_time + unzigzag(time);
	}
	if ((flags & FIELD_PAST) && (!span_take_counted(v, &f->past) ||
	    !history_is_whole(f->past)))
		return false;
	return (flags & FIELD_NULL) || span_take_counted(v, &f->value);
}

static bool
decode_agreed(struct span v, struct record *r, struct arena *a)
{
	uint64_t time, origin, count;
	unsigned char life;

	if (!span_take_varint(&v, &r->version) ||
	    !span_take_bytes(&v, &life, 1) || !span_take_varint(&v, &time) ||
	    !span_take_varint(&v, &origin) || !span_take_varint(&v, &count) ||
	    count > RECORD_FIELDS)
		return false;
	r->life = life;
	r->life_time = unzigzag(time);
	r->life_origin = (uint32_t)origin;
	grow_fields(r, count + SPARE_FIELDS, a);
	for (; r->field_count < count; r->field_count++) {
		struct agreed_field *f = &r->fields[r->field_count];

		if (!decode_field(&v, r, f))
			return false;
		r->disputed |= f->conflict;
	}
	return v.len == 0;
}

static void
put_keys(struct buf *key, const struct record *r, struct span system)
{
	buf_reset(key);
	if (system.ptr)
		KEY(key, r->entity, system, r->uid);
	else
		KEY(key, r->entity, r->uid);
}

enum rc
record_put_agreed(struct txn *t, const struct record *r, struct err *e)
{
	struct buf row;
	bool disputed = r->disputed;
	enum rc rc;
	KEY_BUF(key);

	if (r->field_count > RECORD_FIELDS) /* or nobody could read it */
		return err_set(e, RC_RECORD, "it has %zu fields, with those "
		    "the entity had before; %d is the most", r->field_count,
		    RECORD_FIELDS);
	buf_init(&row, ROW_CAP, "record");
	buf_varint(&row, r->version);
	buf_putc(&row, (char)r->life);
	buf_varint(&row, zigzag(r->life_time));
	buf_varint(&row, r->life_origin);
	buf_varint(&row, r->field_count);
	for (size_t i = 0; i < r->field_count; i++) {
		encode_field(&row, r, &r->fields[i]);
		disputed |= r->fields[i].conflict;
	}
	put_keys(&key, r, span_of(NULL, 0));
	rc = buf_check(&row, e);
	if (!rc)
		rc = buf_check(&key, e);
	if (!rc)
		rc = txn_put(t, TABLE_AGREED, buf_view(&key), buf_view(&row),
		    e);
	buf_free(&row);
	return rc || !disputed ? rc : waiting_keep(t, r, e);
}

/* beside the life */
#define UNREAD 0x20
#define SYNCED 0x40 /* when is said */
#define COPIED 0x80 /* it carries another's uid */

/* What is held otherwise than sent; an empty value: what was agreed. */
static void
encode_sent(struct buf *b, const struct record *r, const struct side *s)
{
	for (size_t i = 0; s->sent && i < r->field_count; i++) {
		if (!s->sent[i].ptr)
			continue;
		buf_varint(b, i);
		buf_counted(b, span_eq(s->sent[i], r->fields[i].value) ?
		    SPAN("") : s->sent[i]);
	}
}

static void
encode_side(struct buf *b, const struct record *r, const struct side *s)
{
	size_t differ = 0;
	size_t bitmap;

	buf_putc(b, (char)(s->life | (s->unread ? UNREAD : 0) |
	    (s->synced ? SYNCED : 0) | (s->copied ? COPIED : 0)));
	buf_varint(b, s->revision);
	buf_varint(b, zigzag(s->modified));
	if (s->synced) /* rows of before have none */
		buf_varint(b, (uint64_t)s->synced);
	buf_counted(b, s->object);
	buf_counted(b, s->id);
	buf_counted(b, s->version);
	buf_varint(b, r->field_count);
	bitmap = b->len;
	for (size_t i = 0; i < (r->field_count + 7) / 8; i++)
		buf_putc(b, 0);
	if (b->over)
		return;
	for (size_t i = 0; i < r->field_count; i++) {
		if (!s->value[i].ptr)
			continue;
		b->ptr[bitmap + i / 8] |= (char)(1u << (i % 8));
		differ += !span_eq(s->value[i], r->fields[i].value);
	}
	buf_varint(b, differ);
	for (size_t i = 0; i < r->field_count; i++) {
		if (!s->value[i].ptr ||
		    span_eq(s->value[i], r->fields[i].value))
			continue;
		buf_varint(b, i);
		buf_counted(b, s->value[i]);
	}
	encode_sent(b, r, s);
}

static bool
decode_sent(struct span v, const struct record *r, struct side *s,
    struct arena *a)
{
	while (v.len) {
		struct span sent;
		uint64_t at;

		if (!span_take_varint(&v, &at) || at >= r->field_count ||
		    !span_take_counted(&v, &sent))
			return false;
		record_hold(r, s, at, s->value[at], sent.len ? sent :
		    r->fields[at].value, a);
	}
	return true;
}

static bool
decode_side(struct span v, const struct record *r, struct side *s,
    struct arena *a)
{
	uint64_t modified, synced = 0, known, differ, at;
	unsigned char life;
	struct span bits;

	if (!span_take_bytes(&v, &life, 1) ||
	    !span_take_varint(&v, &s->revision) ||
	    !span_take_varint(&v, &modified) ||
	    ((life & SYNCED) && !span_take_varint(&v, &synced)) ||
	    !span_take_counted(&v, &s->object) ||
	    !span_take_counted(&v, &s->id) ||
	    !span_take_counted(&v, &s->version) ||
	    !span_take_varint(&v, &known) || known > r->field_count ||
	    (known + 7) / 8 > v.len)
		return false;
	s->life = life & ~(UNREAD | SYNCED | COPIED);
	s->unread = life & UNREAD;
	s->copied = life & COPIED;
	s->modified = unzigzag(modified);
	s->synced = (int64_t)synced;
	bits = span_of(v.ptr, (size_t)(known + 7) / 8);
	v = span_of(v.ptr + bits.len, v.len - bits.len);
	for (size_t i = 0; i < known; i++)
		if (bits.ptr[i / 8] & (1 << (i % 8)))
			s->value[i] = r->fields[i].value;
	if (!span_take_varint(&v, &differ))
		return false;
	while (differ--)
		if (!span_take_varint(&v, &at) || at >= known ||
		    !span_take_counted(&v, &s->value[at]))
			return false;
	return decode_sent(v, r, s, a);
}

enum rc
record_put_side(struct txn *t, const struct record *r, const struct side *s,
    struct err *e)
{
	struct buf row;
	enum rc rc;
	KEY_BUF(key);

	buf_init(&row, ROW_CAP, "shadow");
	encode_side(&row, r, s);
	put_keys(&key, r, name_of(t->state, s->system));
	rc = buf_check(&row, e);
	if (!rc)
		rc = buf_check(&key, e);
	if (!rc)
		rc = txn_put(t, TABLE_SHADOW, buf_view(&key), buf_view(&row),
		    e);
	buf_free(&row);
	return rc;
}

enum rc
record_del_side(struct txn *t, const struct record *r, const struct side *s,
    struct err *e)
{
	KEY_BUF(key);

	put_keys(&key, r, name_of(t->state, s->system));
	return txn_del(t, TABLE_SHADOW, buf_view(&key), e);
}

enum rc
record_from_row(struct record *r, struct span row, struct arena *a,
    struct err *e)
{
	return decode_agreed(row, r, a) ? RC_OK : damaged(r, e);
}

enum rc
record_side_from_row(struct record *r, uint32_t system, struct span row,
    struct arena *a, struct err *e)
{
	struct side *s = record_add_side(r, system, a);

	return decode_side(row, r, s, a) ? RC_OK : damaged(r, e);
}

static enum rc
load_side(struct txn *t, struct record *r, uint32_t system, struct arena *a,
    struct err *e)
{
	struct span value;
	enum rc rc;
	KEY_BUF(key);

	put_keys(&key, r, name_of(t->state, system));
	rc = txn_get(t, TABLE_SHADOW, buf_view(&key), &value, e);
	if (rc)
		return rc == RC_END ? RC_OK : rc;
	/* a write in this transaction may move the page under us */
	value = t->write || t->outlived ? arena_dup(a, value) : value;
	return record_side_from_row(r, system, value, a, e);
}

static enum rc
get_agreed(struct txn *t, const struct record *r, struct span *value,
    struct err *e)
{
	KEY_BUF(key);

	put_keys(&key, r, span_of(NULL, 0));
	if (key.over || key.len > LIMIT_KEY)
		return err_set(e, RC_RECORD, "its names and id are too long");
	return txn_get(t, TABLE_AGREED, buf_view(&key), value, e);
}

enum rc
record_load(struct txn *t, struct span entity, struct span uid,
    const uint32_t *systems, size_t n, struct arena *a, struct record *r,
    struct err *e)
{
	struct span value;
	enum rc rc;

	*r = (struct record){ .entity = entity, .uid = uid };
	rc = get_agreed(t, r, &value, e);
	if (rc == RC_END)
		return RC_OK;
	if (rc)
		return rc;
	value = t->write || t->outlived ? arena_dup(a, value) : value;
	if (!decode_agreed(value, r, a))
		return damaged(r, e);
	for (size_t i = 0; i < n && !rc; i++)
		rc = load_side(t, r, systems[i], a, e);
	return rc;
}

enum rc
record_reload(struct txn *t, const struct record *was,
    const uint32_t *systems, size_t n, struct arena *a, struct record *r,
    struct err *e)
{
	struct span value, rest;
	uint64_t version;
	enum rc rc = get_agreed(t, was, &value, e);

	rest = value;
	if (rc || !was->version || !span_take_varint(&rest, &version) ||
	    version != was->version)
		return record_load(t, was->entity, was->uid, systems, n, a, r,
		    e);
	*r = *was;
	r->sides = NULL;
	r->side_count = r->side_room = 0;
	for (size_t i = 0; i < n && !rc; i++)
		rc = load_side(t, r, systems[i], a, e);
	return rc;
}
