/* SPDX-License-Identifier: MIT */
/* type_equivalent: what a system may make of a value without an edit. */
#include "type.h"

#include "charcase.h"
#include "decimal.h"
#include "limits.h"
#include "phone.h"
#include "url.h"

/* Walks the bytes of a canonical JSON string's inside, escapes resolved. */
struct walk {
	const char *at, *end;
};

static int
hex(char c)
{
	return c <= '9' ? c - '0' : (c | 32) - 'a' + 10;
}

/* Next byte, -1 at the end. */
static int
next(struct walk *w)
{
	static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
	const char *which;
	char c;

	if (w->at >= w->end)
		return -1;
	c = *w->at++;
	if (c != '\\' || w->at >= w->end)
		return (unsigned char)c;
	c = *w->at++;
	if (c == 'u' && w->end - w->at >= 4) {
		w->at += 4;
		return hex(w->at[-2]) * 16 + hex(w->at[-1]);
	}
	which = strchr(from, c);
	return (unsigned char)(which ? to[which - from] : c);
}

static bool
is_space(int c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Next byte with CRLF as LF and white space at the ends left out. */
static int
next_text(struct walk *w, bool *begun)
{
	struct walk ahead;
	int c = next(w), d;

	while (!*begun && is_space(c))
		c = next(w);
	*begun = true;
	if (!is_space(c))
		return c;
	ahead = *w;
	d = next(&ahead);
	if (c == '\r' && d == '\n') {
		*w = ahead;
		c = '\n';
		d = next(&ahead);
	}
	while (is_space(d))
		d = next(&ahead);
	return d < 0 ? -1 : c;
}

static struct span
inner(struct span s)
{
	return span_of(s.ptr + 1, s.len - 2);
}

/* Held is sent, or its first `longest` characters (0: no limit). */
static bool
same_text(struct span sent, struct span held, size_t longest)
{
	struct walk a = { sent.ptr, sent.ptr + sent.len };
	struct walk b = { held.ptr, held.ptr + held.len };
	bool begun_a = false, begun_b = false;
	size_t characters = 0;
	int ca, cb;

	do {
		ca = next_text(&a, &begun_a);
		cb = next_text(&b, &begun_b);
		characters += cb >= 0 && (cb & 0xc0) != 0x80;
	} while (ca == cb && ca >= 0);
	if (ca == cb)
		return true;
	return cb < 0 && longest && characters >= longest;
}

#define NUMBER_CAP (2 * LIMIT_DIGITS + 8) /* as decimal.h has it */

static bool
same_number(const struct entity_field *f, struct span a, struct span b)
{
	char text[2][NUMBER_CAP];
	struct buf x = { text[0], 0, sizeof(text[0]), sizeof(text[0]), "",
		false };
	struct buf y = { text[1], 0, sizeof(text[1]), sizeof(text[1]), "",
		false };

	return decimal_put(&x, a, f->scale) && decimal_put(&y, b, f->scale) &&
	    !x.over && !y.over && span_eq(buf_view(&x), buf_view(&y));
}

/* Systems that keep whole seconds cut or round what they are sent. */
static bool
same_second(struct span a, struct span b)
{
	return a.len == 24 && b.len == 24 && !memcmp(a.ptr, b.ptr, 19);
}

bool
type_equivalent(const struct entity_field *f, size_t longest,
    struct span sent, struct span held)
{
	struct span a, b;

	if (span_eq(sent, held))
		return true;
	if (f->type == TYPE_NUMBER || f->type == TYPE_INTEGER)
		return same_number(f, sent, held);
	/* an empty text and null are told apart by few systems */
	if (f->type == TYPE_TEXT && (span_eq(sent, SPAN("null")) ||
	    span_eq(held, SPAN("null"))))
		return span_eq(sent, SPAN("\"\"")) || span_eq(held,
		    SPAN("\"\""));
	if (sent.len < 2 || held.len < 2 || sent.ptr[0] != '"' ||
	    held.ptr[0] != '"')
		return false;
	a = inner(sent);
	b = inner(held);
	switch (f->type) {
	case TYPE_TEXT:
		return same_text(a, b, longest);
	case TYPE_EMAIL:
		return charcase_eq(a, b);
	case TYPE_ENUM:
		return charcase_eq(a, b) || same_text(a, b, longest);
	case TYPE_PHONE:
		return phone_equivalent(a, b) || same_text(a, b, longest);
	case TYPE_URL:
		return url_equivalent(a, b) || same_text(a, b, longest);
	case TYPE_DATETIME:
		return same_second(a, b);
	default:
		return false;
	}
}
