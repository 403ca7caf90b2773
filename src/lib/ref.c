/* SPDX-License-Identifier: MIT */
#include "ref.h"

#include "conversion.h"
#include "json.h"
#include "link.h"
#include "record.h"
#include "redirect.h"

static const struct span lead = { "{\"ref\":", 7 };

bool
ref_is(struct span value)
{
	return value.len > lead.len &&
	    memcmp(value.ptr, lead.ptr, lead.len) == 0;
}

/* Takes `lead` and a string without escapes off the front. */
static bool
take_string(struct span *s, struct span start, struct span *out)
{
	const char *from = s->ptr + start.len, *quote;

	if (s->len <= start.len || memcmp(s->ptr, start.ptr, start.len) != 0)
		return false;
	quote = memchr(from, '"', s->len - start.len);
	if (!quote || quote == from)
		return false;
	*out = span_of(from, (size_t)(quote - from));
	*s = span_of(quote + 1, s->len - start.len - out->len - 1);
	return !memchr(out->ptr, '\\', out->len);
}

/* As we write it: no white space, no escapes; two members. */
static bool
parse_plain(struct span s, const char *name, struct span *entity,
    struct span *key)
{
	struct span member;

	return take_string(&s, SPAN("{\"ref\":\""), entity) &&
	    take_string(&s, SPAN(",\""), &member) &&
	    span_eq(member, span_str(name)) &&
	    take_string(&s, SPAN(":\""), key) && span_eq(s, SPAN("}"));
}

/* Takes {"ref":E,NAME:V} apart; false when it is not that. */
static bool
parse(struct span value, const char *name, struct arena *a,
    struct span *entity, struct span *key)
{
	struct json j;
	struct err ignored;
	bool fits;

	if (parse_plain(value, name, entity, key))
		return true;
	json_init(&j);
	fits = json_parse(&j, value, &ignored) == RC_OK;
	if (fits) {
		*entity = json_get_string(&j, 0, SPAN("ref"), a);
		*key = json_get_string(&j, 0, span_str(name), a);
		fits = entity->len && key->len;
	}
	json_free(&j);
	return fits;
}

static struct span
make(struct arena *a, struct span entity, const char *name, struct span key)
{
	struct buf b;
	struct span text;

	buf_init(&b, 16 * LIMIT_KEY, "reference");
	BUF_LIT(&b, "{\"ref\":");
	json_put_string(&b, entity);
	json_put_key(&b, span_str(name));
	json_put_string(&b, key);
	buf_putc(&b, '}');
	text = arena_dup(a, buf_view(&b));
	buf_free(&b);
	return text;
}

/*
 * The link of what it refers to, a live one if there is one; RC_END: none.
 * Objects of (entity, system) are those that have a tally.
 */
static enum rc
find_link(struct txn *t, struct source s, struct arena *a, struct link *l,
    struct err *e)
{
	struct walk w;
	struct link other;
	bool found = false, any;
	enum rc rc;
	KEY_BUF(prefix);

	KEY(&prefix, SPAN(""), s.entity, s.system, SPAN(""));
	rc = walk_any(t, TABLE_META, buf_view(&prefix), &any, e);
	if (rc || !any)
		return rc ? rc : RC_END;
	rc = walk_open(&w, t, TABLE_META, buf_view(&prefix), e);
	if (!rc)
		rc = walk_next(&w, e);
	for (; rc == RC_OK; rc = walk_next(&w, e)) {
		s.object = span_of(w.key.ptr + prefix.len,
		    w.key.len - prefix.len);
		rc = link_get(t, &s, &other, a, e);
		if (rc == RC_OK)
			*l = other;
		found |= rc == RC_OK;
		if ((rc == RC_OK && l->live) || (rc && rc != RC_END))
			break;
	}
	walk_close(&w);
	return rc == RC_END && found ? RC_OK : rc;
}

enum rc
ref_find(struct txn *t, struct span system, struct span entity,
    struct span id, struct arena *a, struct span *uid, struct err *e)
{
	struct source s = { entity, system, SPAN(""), id };
	struct link l = { .live = false };
	enum rc rc = find_link(t, s, a, &l, e);

	if (rc)
		return rc;
	*uid = l.uid;
	if (!l.live)
		rc = redirect_get(t, entity, l.uid, a, uid, e);
	return rc == RC_END ? RC_OK : rc;
}

/*
 * Nothing lives there under that id.  What was converted is still ours; or the
 * reference is to one of those that it became.
 */
static enum rc
find_converted(struct txn *t, struct source s, struct arena *a,
    struct link *l, bool linked, struct err *e)
{
	enum rc rc = RC_END;

	if (linked)
		rc = conversion_find(t, s.entity, l->uid, s.system, e);
	if (rc != RC_END)
		return rc;
	rc = conversion_follow(t, s.entity, s.system, s.id, a, &s.id, e);
	if (!rc)
		rc = find_link(t, s, a, l, e);
	return rc || l->live ? rc : RC_END;
}

/* It died under an id, and lives under or as another; RC_END: it does not. */
static enum rc
lives_on(struct txn *t, struct span entity, struct span uid,
    struct arena *a, struct err *e)
{
	struct record r;
	enum rc rc = redirect_get(t, entity, uid, a, &uid, e);

	if (!rc || rc == RC_END)
		rc = record_load(t, entity, uid, NULL, 0, a, &r, e);
	if (rc)
		return rc;
	return r.life == LIFE_LIVE ? RC_OK : RC_END;
}

enum rc
ref_to_uid(struct txn *t, struct span system, struct span value,
    struct arena *a, struct span *out, struct err *e)
{
	struct source s = { .system = system };
	struct link l = { .live = false }, to;
	enum rc rc;
	bool linked;

	*out = value;
	if (!ref_is(value) || !parse(value, "id", a, &s.entity, &s.id))
		return RC_OK;
	rc = find_link(t, s, a, &l, e);
	linked = rc == RC_OK;
	to = l;
	if (rc == RC_END || (linked && !l.live))
		rc = find_converted(t, s, a, &to, linked, e);
	if (rc == RC_END && linked) {
		to = l;
		rc = lives_on(t, s.entity, l.uid, a, e);
	}
	if (!rc)
		*out = make(a, s.entity, "uid", to.uid);
	return rc;
}

enum rc
ref_is_gone(struct txn *t, struct span system, struct span value,
    struct arena *a, bool *gone, struct err *e)
{
	struct source s = { .system = system };
	struct link l = { .live = true };
	enum rc rc;

	*gone = false;
	if (!ref_is(value) || !parse(value, "id", a, &s.entity, &s.id))
		return RC_OK;
	rc = find_link(t, s, a, &l, e);
	*gone = rc == RC_OK && !l.live;
	return rc == RC_END ? RC_OK : rc;
}

/* RC_END: it never stood there. */
static enum rc
find_side(struct txn *t, struct span system, struct span entity,
    struct span uid, struct arena *a, struct side *side, struct err *e)
{
	struct record r;
	struct side *s;
	uint32_t number;
	enum rc rc;

	if (!name_find(t->state, system, &number))
		return RC_END;
	rc = record_load(t, entity, uid, &number, 1, a, &r, e);
	if (rc)
		return rc;
	s = record_side(&r, number);
	if (!s || !s->id.len)
		return RC_END;
	*side = *s;
	return RC_OK;
}

/*
 * RC_END: it does not stand there.  What that system closed when it made others
 * of it still does, as it is when the system refers to it (find_converted).
 */
static enum rc
find_there(struct txn *t, struct span system, struct span entity,
    struct span uid, struct arena *a, struct span *id, struct err *e)
{
	struct side s;
	enum rc rc = find_side(t, system, entity, uid, a, &s, e);

	if (rc)
		return rc;
	*id = s.id;
	if (s.life == LIFE_LIVE)
		return RC_OK;
	return s.life == LIFE_MERGED ? conversion_find(t, entity, uid, system,
	    e) : RC_END;
}

/* Itself there, or the one that it became: its uid, too.  RC_END: neither. */
static enum rc
find_heir(struct txn *t, struct span system, struct span entity,
    struct span *uid, struct arena *a, struct span *id, struct err *e)
{
	enum rc rc = find_there(t, system, entity, *uid, a, id, e);

	if (rc != RC_END)
		return rc;
	rc = redirect_get(t, entity, *uid, a, uid, e);
	return rc ? rc : find_there(t, system, entity, *uid, a, id, e);
}

enum rc
ref_to_id(struct txn *t, struct span system, struct span value,
    struct arena *a, struct span *out, struct err *e)
{
	struct span entity, uid, id;
	enum rc rc;

	*out = value;
	if (!ref_is(value) || !parse(value, "uid", a, &entity, &uid))
		return RC_OK;
	rc = find_heir(t, system, entity, &uid, a, &id, e);
	if (!rc)
		*out = make(a, entity, "id", id);
	return rc;
}

enum rc
ref_as_told(struct txn *t, struct span system, struct span value,
    struct arena *a, struct span *out, struct err *e)
{
	struct span entity, was, uid, id;
	enum rc rc;

	*out = value;
	if (!ref_is(value) || !parse(value, "uid", a, &entity, &was))
		return RC_OK;
	uid = was;
	rc = find_heir(t, system, entity, &uid, a, &id, e);
	if (!rc && !span_eq(uid, was))
		*out = make(a, entity, "uid", uid);
	return rc == RC_END ? RC_OK : rc;
}

enum rc
ref_to_last_id(struct txn *t, struct span system, struct span value,
    struct arena *a, struct span *out, struct err *e)
{
	struct span entity, uid;
	struct side s;
	enum rc rc = ref_to_id(t, system, value, a, out, e);

	if (rc != RC_END || !parse(value, "uid", a, &entity, &uid))
		return rc;
	rc = find_side(t, system, entity, uid, a, &s, e);
	if (!rc)
		*out = make(a, entity, "id", s.id);
	return rc;
}

enum rc
ref_is_lost(struct txn *t, struct span system, struct span value,
    struct arena *a, bool *lost, struct err *e)
{
	struct span entity, uid, id;
	struct record r;
	enum rc rc;

	*lost = false;
	if (!ref_is(value) || !parse(value, "uid", a, &entity, &uid))
		return RC_OK;
	rc = ref_to_id(t, system, value, a, &id, e);
	if (rc != RC_END)
		return rc;
	rc = redirect_get(t, entity, uid, a, &uid, e);
	if (!rc || rc == RC_END)
		rc = record_load(t, entity, uid, NULL, 0, a, &r, e);
	if (!rc)
		*lost = r.life == LIFE_ARCHIVED || r.life == LIFE_DELETED;
	return rc;
}

enum rc
ref_may_follow(struct txn *t, struct span system, struct span value,
    struct span own_entity, struct arena *a, bool *may, bool *own,
    struct err *e)
{
	struct span entity, id;
	KEY_BUF(prefix);

	*may = *own = false;
	if (!ref_is(value) || !parse(value, "id", a, &entity, &id))
		return RC_OK;
	*own = span_eq(entity, own_entity);
	KEY(&prefix, SPAN(""), entity, system, SPAN(""));
	return walk_any(t, TABLE_META, buf_view(&prefix), may, e);
}

/* A tally's key: NUL, entity, NUL, system, NUL, object. */
enum rc
ref_entities(struct txn *t, struct span system, struct buf *b,
    struct err *e)
{
	struct walk w;
	size_t start = b->len;
	enum rc rc = walk_open(&w, t, TABLE_META, span_of("", 1), e);

	if (!rc)
		rc = walk_next(&w, e);
	for (; rc == RC_OK; rc = walk_next(&w, e)) {
		struct span key = span_of(w.key.ptr + 1, w.key.len - 1);
		struct span entity = key_take(&key);

		if (!span_eq(key_take(&key), system))
			continue;
		if (b->len > start)
			buf_putc(b, ',');
		buf_span(b, entity);
	}
	walk_close(&w);
	return rc == RC_END ? RC_OK : rc;
}
