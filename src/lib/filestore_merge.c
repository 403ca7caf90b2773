/* SPDX-License-Identifier: MIT */
#include "filestore_merge.h"

#include "json_canonical.h"
#include "limits.h"

static bool
is_null(const struct json *j, uint32_t value)
{
	return value == 0 || json_kind(j, value) == JSON_NULL;
}

static void
put_comma(struct buf *b)
{
	if (b->len && b->ptr[b->len - 1] != '{')
		buf_putc(b, ',');
}

/* A member in canonical form. */
static void
put_member(struct buf *b, const struct json *j, uint32_t key, uint32_t value,
    struct arena *a)
{
	put_comma(b);
	json_put_value(b, j, key, a);
	buf_putc(b, ':');
	json_put_value(b, j, value, a);
}

/* ---- a new line ---- */

/* `"id":…,"uid":…` and the members of data. */
static size_t
put_content(struct filestore_parser *p, struct span uid,
    const struct json *data)
{
	struct buf *b = &p->content;
	size_t head;

	buf_reset(b);
	BUF_LIT(b, "\"id\":");
	json_put_string(b, uid);
	BUF_LIT(b, ",\"uid\":");
	json_put_string(b, uid);
	head = b->len;
	for (JSON_EACH(data, 0, key, value))
		if (!is_null(data, value) &&
		    filestore_line_member(data, key) == FILESTORE_OTHER)
			put_member(b, data, key, value, &p->arena);
	buf_putc(b, '}');
	return head;
}

uint32_t
filestore_merge_create(struct filestore_parser *p, struct span uid,
    const struct json *data, uint64_t number, struct span modified,
    struct buf *out)
{
	uint32_t content;
	size_t head;

	arena_reset(&p->arena);
	head = put_content(p, uid, data);
	content = filestore_line_hash(buf_view(&p->content));
	buf_putc(out, '{');
	buf_put(out, p->content.ptr, head);
	buf_putc(out, ',');
	filestore_line_put_version(out, number, content, modified);
	buf_putc(out, ',');
	filestore_line_put_modified(out, modified);
	buf_put(out, p->content.ptr + head, p->content.len - head);
	return content;
}

/* ---- a changed line ---- */

/* One merge under way. */
struct merge {
	struct filestore_parser *p;
	const struct json *patch;
	uint64_t number;
	struct span modified;
	struct buf *out;
	bool *used;   /* by key node of patch: its member stands in the line */
	uint32_t hint;
	bool version, time, changed;
	bool stamp;   /* patch may change the uid */
};

/* May the patch say what this member is? */
static bool
is_patched(const struct merge *m, const struct json *j, uint32_t key)
{
	enum filestore_member member = filestore_line_member(j, key);

	return member == FILESTORE_OTHER || (m->stamp &&
	    member == FILESTORE_UID);
}

static void
put_raw(struct merge *m, uint32_t key, uint32_t value)
{
	const struct json *j = &m->p->json;
	const struct json_node *k = &j->nodes[key], *v = &j->nodes[value];

	put_comma(m->out);
	buf_put(m->out, j->text + k->start, v->start + v->length - k->start);
}

static void
put_patched(struct merge *m, uint32_t key, uint32_t value, uint32_t with)
{
	const struct json *j = &m->p->json;

	m->used[with - 1] = true;
	if (span_eq(json_text(j, value), json_text(m->patch, with))) {
		put_raw(m, key, value);
		return;
	}
	m->changed = true;
	if (is_null(m->patch, with))
		return;
	put_comma(m->out);
	buf_span(m->out, json_text(j, key));
	buf_putc(m->out, ':');
	json_put_value(m->out, m->patch, with, &m->p->arena);
}

static void
put_version(struct merge *m)
{
	put_comma(m->out);
	filestore_line_put_version(m->out, m->number, 0, m->modified);
	m->version = true;
}

static void
put_time(struct merge *m)
{
	put_comma(m->out);
	filestore_line_put_modified(m->out, m->modified);
	m->time = true;
}

static void
put_other(struct merge *m, uint32_t key, uint32_t value)
{
	uint32_t with = 0;

	if (m->patch)
		with = json_get_next(m->patch, 0, json_string(&m->p->json,
		    key, &m->p->arena), &m->hint);
	if (with)
		put_patched(m, key, value, with);
	else
		put_raw(m, key, value);
}

static void
put_old_members(struct merge *m)
{
	const struct json *j = &m->p->json;

	for (JSON_EACH(j, 0, key, value)) {
		switch (filestore_line_member(j, key)) {
		case FILESTORE_NUMBER:
			put_version(m);
			break;
		case FILESTORE_MODIFIED:
			put_time(m);
			break;
		default:
			if (is_patched(m, j, key))
				put_other(m, key, value);
			else
				put_raw(m, key, value);
		}
	}
}

static void
put_new_members(struct merge *m)
{
	for (JSON_EACH(m->patch, 0, key, value)) {
		if (m->used[key] || is_null(m->patch, value) ||
		    !is_patched(m, m->patch, key))
			continue;
		put_member(m->out, m->patch, key, value, &m->p->arena);
		m->changed = true;
	}
}

static void
put_former(struct merge *m, struct buf *old)
{
	const struct json *j = &m->p->json;
	uint32_t hint = 0, was;

	buf_putc(old, '{');
	for (JSON_EACH(m->patch, 0, key, value)) {
		if (!is_patched(m, m->patch, key))
			continue;
		was = json_get_next(j, 0, json_string(m->patch, key,
		    &m->p->arena), &hint);
		put_comma(old);
		buf_span(old, json_text(m->patch, key));
		buf_putc(old, ':');
		if (was)
			buf_span(old, json_text(j, was));
		else
			BUF_LIT(old, "null");
	}
	buf_putc(old, '}');
}

bool
filestore_merge(struct filestore_parser *p, const struct json *patch,
    bool stamp, uint64_t number, struct span modified, struct buf *out,
    struct buf *old)
{
	struct merge m = { .p = p, .patch = patch, .number = number,
		.modified = modified, .out = out, .stamp = stamp };

	if (patch)
		m.used = arena_zero(&p->arena, patch->count * sizeof *m.used);
	buf_putc(out, '{');
	put_old_members(&m);
	if (patch)
		put_new_members(&m);
	if (!m.version)
		put_version(&m);
	if (!m.time)
		put_time(&m);
	buf_putc(out, '}');
	if (patch && old)
		put_former(&m, old);
	return m.changed;
}

/* Where the eight digits of the content hash stand in the line p holds. */
static size_t
content_place(const struct json *j)
{
	uint32_t value = json_get(j, 0, SPAN("version"));
	struct span text = json_inner(j, value);
	const char *dot = memchr(text.ptr, '.', text.len);

	return (size_t)(dot + 1 - j->text);
}

enum rc
filestore_merge_seal(struct filestore_parser *p, struct buf *out, size_t from,
    struct filestore_line *l, struct err *e)
{
	static const char hex[] = "0123456789abcdef";
	struct span made = span_of(out->ptr + from, out->len - from);
	enum rc rc = filestore_line_parse(p, made, l, e);
	size_t at;
	int i;

	if (rc)
		return rc;
	at = from + content_place(&p->json);
	for (i = 0; i < 8; i++)
		out->ptr[at + (size_t)i] = hex[l->content >> (28 - 4 * i) & 15];
	l->stamped = true;
	return RC_OK;
}

/* ---- comparing ---- */

static bool
equal_canonical(const struct json *a, uint32_t na, const struct json *b,
    uint32_t nb, struct arena *scratch)
{
	struct buf x, y;
	bool equal;

	buf_init(&x, 2 * LIMIT_LINE, "value");
	buf_init(&y, 2 * LIMIT_LINE, "value");
	json_canonical_put(&x, a, na, scratch);
	json_canonical_put(&y, b, nb, scratch);
	equal = span_eq(buf_view(&x), buf_view(&y));
	buf_free(&x);
	buf_free(&y);
	return equal;
}

bool
filestore_merge_equal(const struct json *a, uint32_t na, const struct json *b,
    uint32_t nb, struct arena *scratch)
{
	if (is_null(a, na) || is_null(b, nb))
		return is_null(a, na) && is_null(b, nb);
	if (span_eq(json_text(a, na), json_text(b, nb)))
		return true;
	if (json_kind(a, na) != json_kind(b, nb))
		return false;
	if (json_kind(a, na) == JSON_STRING && !a->nodes[na].escaped &&
	    !b->nodes[nb].escaped)
		return false;
	return equal_canonical(a, na, b, nb, scratch);
}
