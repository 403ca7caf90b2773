/* SPDX-License-Identifier: MIT */
#include "filestore_line.h"

#include <stdio.h>

#include "clock.h"
#include "hash.h"
#include "limits.h"

#define CONTENT_SEED 1
#define TIME_SEED 2
#define NUMBER_MOST (UINT64_C(1) << 53)

/* Value nodes of the store's own members, 0 where there is none. */
struct own {
	uint32_t key[FILESTORE_MODIFIED + 1];
	uint32_t value[FILESTORE_MODIFIED + 1];
};

/* A version as it stands in a line. */
struct tag {
	bool whole; /* all three parts are there */
	uint64_t number;
	uint64_t content, time;
};

void
filestore_parser_init(struct filestore_parser *p)
{
	json_init(&p->json);
	arena_init(&p->arena);
	buf_init(&p->content, 2 * LIMIT_LINE, "line");
}

void
filestore_parser_free(struct filestore_parser *p)
{
	json_free(&p->json);
	arena_free(&p->arena);
	buf_free(&p->content);
}

uint32_t
filestore_line_hash(struct span content)
{
	return (uint32_t)hash64(content, CONTENT_SEED);
}

static uint16_t
time_hash(struct span modified)
{
	return (uint16_t)hash64(modified, TIME_SEED);
}

/* The rare key written with escapes. */
static enum filestore_member
escaped_member(const struct json *j, uint32_t key)
{
	return json_is(j, key, SPAN("id")) ? FILESTORE_ID :
	    json_is(j, key, SPAN("uid")) ? FILESTORE_UID :
	    json_is(j, key, SPAN("version")) ? FILESTORE_NUMBER :
	    json_is(j, key, SPAN("modified")) ? FILESTORE_MODIFIED :
	    FILESTORE_OTHER;
}

enum filestore_member
filestore_line_member(const struct json *j, uint32_t key)
{
	const char *text = j->text + j->nodes[key].start;

	if (j->nodes[key].escaped)
		return escaped_member(j, key);
	switch (j->nodes[key].length) {
	case sizeof "id" + 1:
		return memcmp(text, "\"id\"", 4) ? FILESTORE_OTHER :
		    FILESTORE_ID;
	case sizeof "uid" + 1:
		return memcmp(text, "\"uid\"", 5) ? FILESTORE_OTHER :
		    FILESTORE_UID;
	case sizeof "version" + 1:
		return memcmp(text, "\"version\"", 9) ? FILESTORE_OTHER :
		    FILESTORE_NUMBER;
	case sizeof "modified" + 1:
		return memcmp(text, "\"modified\"", 10) ? FILESTORE_OTHER :
		    FILESTORE_MODIFIED;
	default:
		return FILESTORE_OTHER;
	}
}

static void
find_own(const struct json *j, struct own *own)
{
	enum filestore_member m;

	memset(own, 0, sizeof *own);
	for (JSON_EACH(j, 0, key, value)) {
		m = filestore_line_member(j, key);
		own->key[m] = key;
		own->value[m] = value;
	}
	own->key[FILESTORE_OTHER] = own->value[FILESTORE_OTHER] = 0;
}

/* ---- content ---- */

static size_t
end_of(const struct json *j, uint32_t node)
{
	return (size_t)j->nodes[node].start + j->nodes[node].length;
}

/*
 * A line without white space and escapes is canonical as it stands: its
 * content is the line with up to two members cut out.
 */
static void
cut_content(const struct json *j, const struct own *own, struct buf *b)
{
	uint32_t a = own->key[FILESTORE_NUMBER];
	uint32_t c = own->key[FILESTORE_MODIFIED];
	size_t from = j->nodes[0].start + 1, to = end_of(j, 0) - 1, end;
	uint32_t cuts[2] = { a < c ? a : c, a < c ? c : a };
	int i;

	for (i = 0; i < 2; i++) {
		if (!cuts[i])
			continue;
		buf_put(b, j->text + from, j->nodes[cuts[i]].start - from);
		end = end_of(j, cuts[i] + 1);
		from = end < to ? end + 1 : end; /* its comma */
	}
	buf_put(b, j->text + from, to - from);
	if (b->len && b->ptr[b->len - 1] == ',')
		b->len--;
}

static void
put_content(struct filestore_parser *p, const struct own *own)
{
	const struct json *j = &p->json;

	for (JSON_EACH(j, 0, key, value)) {
		if (key == own->key[FILESTORE_NUMBER] ||
		    key == own->key[FILESTORE_MODIFIED])
			continue;
		if (p->content.len)
			buf_putc(&p->content, ',');
		json_put_value(&p->content, j, key, &p->arena);
		buf_putc(&p->content, ':');
		json_put_value(&p->content, j, value, &p->arena);
	}
}

static uint32_t
content_hash(struct filestore_parser *p, const struct own *own)
{
	buf_reset(&p->content);
	if (p->json.nodes[0].escaped)
		put_content(p, own);
	else
		cut_content(&p->json, own, &p->content);
	buf_putc(&p->content, '}');
	return filestore_line_hash(buf_view(&p->content));
}

/* ---- version and modified ---- */

static bool
take_hex(struct span *s, size_t digits, uint64_t *n)
{
	size_t i;
	char c;

	*n = 0;
	if (s->len < digits + 1 || s->ptr[0] != '.')
		return false;
	for (i = 1; i <= digits; i++) {
		c = s->ptr[i];
		if (c >= '0' && c <= '9')
			*n = *n << 4 | (uint64_t)(c - '0');
		else if (c >= 'a' && c <= 'f')
			*n = *n << 4 | (uint64_t)(c - 'a' + 10);
		else
			return false;
	}
	s->ptr += digits + 1;
	s->len -= digits + 1;
	return true;
}

static struct tag
read_tag(struct span s)
{
	struct tag t = { 0 };
	uint64_t n = 0;

	for (; s.len && s.ptr[0] >= '0' && s.ptr[0] <= '9'; s.ptr++, s.len--)
		if (n < NUMBER_MOST)
			n = n * 10 + (uint64_t)(s.ptr[0] - '0');
	if (n < NUMBER_MOST && (s.len == 0 || s.ptr[0] == '.'))
		t.number = n;
	t.whole = take_hex(&s, 8, &t.content) && take_hex(&s, 4, &t.time) &&
	    s.len == 0;
	return t;
}

/* A member's characters; a number's digits. */
static struct span
characters(struct filestore_parser *p, uint32_t value)
{
	if (!value)
		return span_of(NULL, 0);
	if (json_kind(&p->json, value) == JSON_STRING)
		return json_string(&p->json, value, &p->arena);
	if (json_kind(&p->json, value) == JSON_NUMBER)
		return json_text(&p->json, value);
	return span_of(NULL, 0);
}

/* The line's own time in our form, or empty when it says none. */
static struct span
own_time(struct filestore_parser *p, struct span text)
{
	char ours[CLOCK_TEXT];
	int64_t ms;

	if (!clock_parse(text, &ms))
		return span_of(NULL, 0);
	if (text.len == 24 && text.ptr[10] == 'T' && text.ptr[23] == 'Z')
		return text;
	clock_format(ms, ours);
	return arena_dup(&p->arena, span_str(ours));
}

static void
judge(struct filestore_parser *p, const struct own *own,
    struct filestore_line *l)
{
	struct span said = characters(p, own->value[FILESTORE_MODIFIED]);
	struct tag t = read_tag(characters(p, own->value[FILESTORE_NUMBER]));
	bool time_fits = t.whole && t.time == time_hash(said);
	bool content_fits;

	l->number = t.number;
	l->content = content_hash(p, own);
	content_fits = t.whole && t.content == l->content;
	if (content_fits || !time_fits)
		l->modified = own_time(p, said);
	l->stamped = content_fits && time_fits && l->modified.len;
}

/* ---- parsing ---- */

static bool
is_whole_number(struct span s)
{
	size_t i = s.len && s.ptr[0] == '-';

	for (; i < s.len; i++)
		if (s.ptr[i] < '0' || s.ptr[i] > '9')
			return false;
	return true;
}

static enum rc
read_id(struct filestore_parser *p, uint32_t value, struct filestore_line *l,
    struct err *e)
{
	struct span id = characters(p, value);

	if (!value)
		return err_set(e, RC_RECORD, "no \"id\"");
	if (!id.ptr || (json_kind(&p->json, value) == JSON_NUMBER &&
	    !is_whole_number(id)))
		return err_set(e, RC_RECORD,
		    "\"id\" is neither a string nor a whole number");
	if (id.len == 0 || id.len > LIMIT_ID)
		return err_set(e, RC_RECORD, "\"id\" has %zu bytes; 1 to %d"
		    " are possible", id.len, LIMIT_ID);
	l->id = id;
	return RC_OK;
}

static struct span
without_bom(struct span s)
{
	if (s.len >= 3 && memcmp(s.ptr, "\xef\xbb\xbf", 3) == 0)
		return span_of(s.ptr + 3, s.len - 3);
	return s;
}

enum rc
filestore_line_parse(struct filestore_parser *p, struct span text,
    struct filestore_line *l, struct err *e)
{
	struct own own;
	enum rc rc;

	memset(l, 0, sizeof *l);
	arena_reset(&p->arena);
	rc = json_parse(&p->json, without_bom(text), e);
	if (rc)
		return rc;
	if (json_kind(&p->json, 0) != JSON_OBJECT)
		return err_set(e, RC_RECORD, "not a JSON object");
	find_own(&p->json, &own);
	rc = read_id(p, own.value[FILESTORE_ID], l, e);
	if (rc)
		return rc;
	l->uid = characters(p, own.value[FILESTORE_UID]);
	l->text = json_text(&p->json, 0);
	judge(p, &own, l);
	return RC_OK;
}

/* ---- writing ---- */

/* n's digits, 19 at most; returns where they end. */
static char *
put_digits(char *at, uint64_t n)
{
	char digits[20];
	size_t i = sizeof digits;

	do {
		digits[--i] = (char)('0' + n % 10);
		n /= 10;
	} while (n);
	memcpy(at, digits + i, sizeof digits - i);
	return at + (sizeof digits - i);
}

static char *
put_hex(char *at, uint64_t n, int digits)
{
	static const char hex[] = "0123456789abcdef";
	int i;

	*at++ = '.';
	for (i = digits; i > 0; i--)
		*at++ = hex[n >> (4 * (i - 1)) & 15];
	return at;
}

struct span
filestore_line_version(const struct filestore_line *l,
    char text[FILESTORE_VERSION])
{
	char *end = put_hex(put_digits(text, l->number), l->content, 8);

	return span_of(text, (size_t)(end - text));
}

void
filestore_line_put_version(struct buf *b, uint64_t number, uint32_t content,
    struct span modified)
{
	char text[2 * FILESTORE_VERSION];
	char *end = put_hex(put_digits(text, number), content, 8);

	end = put_hex(end, time_hash(modified), 4);
	BUF_LIT(b, "\"version\":\"");
	buf_put(b, text, (size_t)(end - text));
	buf_putc(b, '"');
}

void
filestore_line_put_modified(struct buf *b, struct span modified)
{
	BUF_LIT(b, "\"modified\":\"");
	buf_span(b, modified);
	buf_putc(b, '"');
}
