/* SPDX-License-Identifier: MIT */
#include "store.h"

#include "../../../src/lib/limits.h"

static struct row *
row_parse(struct span line, struct json *j, struct arena *a)
{
	struct row *r = arena_zero(a, sizeof *r);
	struct err e;

	r->line = line;
	if (json_parse(j, line, &e) || json_kind(j, 0) != JSON_OBJECT)
		return NULL;
	for (JSON_EACH(j, 0, key, value)) {
		if (r->count == ROW_MEMBERS)
			return NULL;
		r->member[r->count].name = json_inner(j, key);
		r->member[r->count++].json = json_text(j, value);
	}
	return r;
}

bool
store_parse(struct store *s, struct span text, struct json *j,
    struct arena *a)
{
	const char *end = text.ptr + text.len, *nl;

	s->count = 0;
	for (const char *at = text.ptr; at < end; at = nl + 1) {
		nl = memchr(at, '\n', (size_t)(end - at));
		if (!nl || s->count == STORE_ROWS)
			return false;
		s->row[s->count] = row_parse(span_of(at, (size_t)(nl - at)),
		    j, a);
		if (!s->row[s->count++])
			return false;
	}
	return true;
}

void
store_print(const struct store *s, struct buf *b)
{
	for (unsigned i = 0; i < s->count; i++) {
		buf_span(b, s->row[i]->line);
		buf_putc(b, '\n');
	}
}

static unsigned
find(const struct row *r, const char *name)
{
	unsigned i = 0;

	while (i < r->count && !span_eq(r->member[i].name, span_str(name)))
		i++;
	return i;
}

struct span
row_get(const struct row *r, const char *name)
{
	unsigned i = find(r, name);

	return i < r->count ? r->member[i].json : span_of(NULL, 0);
}

struct span
row_word(const struct row *r, const char *name)
{
	struct span s = row_get(r, name);

	return s.len < 2 ? s : span_of(s.ptr + 1, s.len - 2);
}

struct span
row_text(const struct row *r, const char *name, struct json *j,
    struct arena *a)
{
	struct span s = row_get(r, name);
	struct err e;

	if (!s.len || s.ptr[0] != '"' || !memchr(s.ptr, '\\', s.len))
		return s.len && s.ptr[0] == '"' ? row_word(r, name) : s;
	return json_parse(j, s, &e) ? s : json_string(j, 0, a);
}

void
row_set(struct row *r, const char *name, struct span json)
{
	unsigned i = find(r, name);

	if (i == ROW_MEMBERS)
		return;
	r->member[i].name = span_str(name);
	r->member[i].json = json;
	r->count += i == r->count;
}

void
row_drop(struct row *r, const char *name)
{
	unsigned i = find(r, name);

	if (i == r->count)
		return;
	r->count--;
	memmove(&r->member[i], &r->member[i + 1],
	    (r->count - i) * sizeof *r->member);
}

/* Of what our values hold only U+00C7 is not ASCII. */
static void
put_ascii(struct buf *b, struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.ptr[i] == 0xc3 && i + 1 < s.len) {
			buf_printf(b, "\\u%04x", 0xc0 |
			    ((unsigned char)s.ptr[i + 1] & 0x3f));
			i++;
		} else {
			buf_putc(b, s.ptr[i]);
		}
}

void
row_write(struct row *r, bool ascii, struct arena *a)
{
	struct buf b;

	buf_init(&b, LIMIT_LINE, "line");
	for (unsigned i = 0; i < r->count; i++) {
		buf_printf(&b, "%s\"%.*s\": ", i ? ", " : "{",
		    SPAN_ARG(r->member[i].name));
		if (ascii)
			put_ascii(&b, r->member[i].json);
		else
			buf_span(&b, r->member[i].json);
	}
	buf_putc(&b, '}');
	r->line = arena_dup(a, buf_view(&b));
	buf_free(&b);
}
