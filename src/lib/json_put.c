/* SPDX-License-Identifier: MIT */
/* Writing JSON; declared in json.h. */
#include "json.h"
#include "json_scan.h"

static void
put_escape(struct buf *b, unsigned char c)
{
	static const char hex[] = "0123456789abcdef";
	static const char letters[0x20] = { ['\b'] = 'b', ['\f'] = 'f',
		['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't' };
	char out[6] = { '\\', 'u', '0', '0', hex[c >> 4], hex[c & 15] };

	if (c >= 0x20)
		out[1] = (char)c;
	else if (letters[c])
		out[1] = letters[c];
	buf_put(b, out, out[1] == 'u' ? 6 : 2);
}

void
json_put_escaped(struct buf *b, struct span utf8)
{
	const char *p, *end, *q;

	if (utf8.len == 0)
		return;
	p = utf8.ptr;
	end = p + utf8.len;
	for (;;) {
		q = json_scan(p, end);
		buf_put(b, p, (size_t)(q - p));
		if (q == end)
			return;
		put_escape(b, (unsigned char)*q);
		p = q + 1;
	}
}

/* Most have nothing to escape, and fit. */
static bool
put_plain(struct buf *b, struct span utf8)
{
	const char *end = utf8.ptr + utf8.len;
	char *to;

	if (b->over || b->room - b->len < utf8.len + 2 ||
	    (utf8.len && json_scan(utf8.ptr, end) != end))
		return false;
	to = b->ptr + b->len;
	*to++ = '"';
	if (utf8.len)
		memcpy(to, utf8.ptr, utf8.len);
	to[utf8.len] = '"';
	b->len += utf8.len + 2;
	return true;
}

void
json_put_string(struct buf *b, struct span utf8)
{
	if (put_plain(b, utf8))
		return;
	buf_putc(b, '"');
	json_put_escaped(b, utf8);
	buf_putc(b, '"');
}

void
json_put_key(struct buf *b, struct span name)
{
	if (b->len && b->ptr[b->len - 1] != '{')
		buf_putc(b, ',');
	json_put_string(b, name);
	buf_putc(b, ':');
}

/* Brackets, commas and colons between two values, white space left out. */
static void
put_marks(struct buf *b, const char *p, const char *end)
{
	for (; p < end; p++)
		if ((unsigned char)*p > ' ')
			buf_putc(b, *p);
}

static void
put_between(struct buf *b, const char *p, const char *end, bool spaced)
{
	if (spaced)
		put_marks(b, p, end);
	else
		buf_put(b, p, (size_t)(end - p));
}

/*
 * Between the scalars of a subtree stand only brackets, commas, colons and
 * white space, so the values can be copied in order with what is between.
 * Without white space only strings with escapes need a copy of their own.
 */
void
json_put_value(struct buf *b, const struct json *j, uint32_t node,
    struct arena *a)
{
	const struct json_node *n = &j->nodes[node];
	const char *p = j->text + n->start, *last = p + n->length;
	bool spaced = n->escaped & JSON_SPACED;
	uint32_t end = n->next;

	while (node < end) {
		n = &j->nodes[node];
		if (n->kind >= JSON_ARRAY && n->escaped) {
			node++;
			continue;
		}
		node = n->next;
		if (!n->escaped && !spaced)
			continue;
		put_between(b, p, j->text + n->start, spaced);
		p = j->text + n->start + n->length;
		if (n->escaped)
			json_put_string(b, json_string(j,
			    (uint32_t)(n - j->nodes), a));
		else
			buf_put(b, j->text + n->start, n->length);
	}
	put_between(b, p, last, spaced);
}

void
json_put_text(struct buf *b, const char *name, struct span text)
{
	json_put_key(b, span_str(name));
	json_put_string(b, text);
}

void
json_put_member(struct buf *b, const char *name, struct span text)
{
	if (text.len)
		json_put_text(b, name, text);
}
