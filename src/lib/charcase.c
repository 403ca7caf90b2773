/* SPDX-License-Identifier: MIT */
/* charcase: case mapping and white space of UTF-8 text. */
#include "charcase.h"

#include "utf8.h"

static bool
is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Bytes of white space at the start, 0 when there is none. */
static size_t
space_at(struct span s)
{
	if (!s.len)
		return 0;
	if (is_space(s.ptr[0]))
		return 1;
	if (s.len >= 2 && !memcmp(s.ptr, "\xc2\xa0", 2))
		return 2;
	if (s.len >= 3 && !memcmp(s.ptr, "\xe3\x80\x80", 3))
		return 3;
	return 0;
}

struct span
charcase_trim(struct span s)
{
	size_t n, k;

	/* neither end can be white space: nothing to do, as nearly always */
	if (s.len && s.ptr[0] > ' ' && s.ptr[s.len - 1] > ' ')
		return s;

	for (n = space_at(s); n; n = space_at(s))
		s = span_of(s.ptr + n, s.len - n);
	for (;;) {
		for (k = 1; k <= 3 && k <= s.len; k++)
			if (space_at(span_of(s.ptr + s.len - k, k)) == k)
				break;
		if (k > 3 || k > s.len)
			return s;
		s.len -= k;
	}
}

void
charcase_squeeze(struct buf *b, struct span s)
{
	bool gap = false;
	size_t n;

	s = charcase_trim(s);
	while (s.len) {
		n = space_at(s);
		if (n) {
			gap = true;
		} else {
			if (gap)
				buf_putc(b, ' ');
			gap = false;
			buf_putc(b, s.ptr[0]);
			n = 1;
		}
		s = span_of(s.ptr + n, s.len - n);
	}
}

/* Latin Extended-A comes in pairs, upper case even or odd by stretch. */
static uint32_t
lower_extended(uint32_t c)
{
	if (c == 0x130)
		return c; /* dotted capital I has no single lower form */
	if (c == 0x178)
		return 0xff;
	if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17e))
		return c + (c & 1);
	if (c == 0x138 || c == 0x149 || c == 0x17f)
		return c;
	return c | 1;
}

static uint32_t
lower(uint32_t c)
{
	if (c < 0x80)
		return c >= 'A' && c <= 'Z' ? c + 32 : c;
	if (c >= 0xc0 && c <= 0xde && c != 0xd7)
		return c + 32;
	if (c >= 0x100 && c <= 0x17f)
		return lower_extended(c);
	if (c >= 0x391 && c <= 0x3a9 && c != 0x3a2)
		return c + 32;
	if (c >= 0x410 && c <= 0x42f)
		return c + 32;
	if (c >= 0x400 && c <= 0x40f)
		return c + 80;
	return c;
}

static uint32_t
upper_extended(uint32_t c)
{
	if (c == 0x131 || c == 0x17f || c == 0x138 || c == 0x149)
		return c;
	if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17e))
		return c - !(c & 1);
	if (c == 0x178)
		return c;
	return c & ~(uint32_t)1;
}

static uint32_t
upper(uint32_t c)
{
	if (c < 0x80)
		return c >= 'a' && c <= 'z' ? c - 32 : c;
	if (c >= 0xe0 && c <= 0xfe && c != 0xf7)
		return c - 32;
	if (c == 0xff)
		return 0x178;
	if (c >= 0x100 && c <= 0x17f)
		return upper_extended(c);
	if (c >= 0x3b1 && c <= 0x3c9 && c != 0x3c2)
		return c - 32;
	if (c >= 0x430 && c <= 0x44f)
		return c - 32;
	if (c >= 0x450 && c <= 0x45f)
		return c - 80;
	return c;
}

static void
put_mapped(struct buf *b, struct span s, uint32_t (*map)(uint32_t))
{
	size_t n;

	while (s.len) {
		if ((unsigned char)s.ptr[0] < 0x80) {
			buf_putc(b, (char)map((unsigned char)s.ptr[0]));
			n = 1;
		} else {
			utf8_put(b, map(utf8_decode(s, &n)));
		}
		s = span_of(s.ptr + n, s.len - n);
	}
}

/* Most text is ASCII: its lower case is written in one go. */
void
charcase_lower(struct buf *b, struct span s)
{
	char *to, c;
	size_t i;

	if (!buf_reserve(b, s.len))
		return;
	to = b->ptr + b->len;
	for (i = 0; i < s.len && !(s.ptr[i] & 0x80); i++) {
		c = s.ptr[i];
		to[i] = (char)(c | ((c >= 'A' && c <= 'Z') << 5));
	}
	b->len += i;
	put_mapped(b, span_of(s.ptr + i, s.len - i), lower);
}

void
charcase_upper(struct buf *b, struct span s)
{
	put_mapped(b, s, upper);
}

bool
charcase_eq(struct span a, struct span b)
{
	size_t na, nb;

	while (a.len && b.len) {
		if (((a.ptr[0] | b.ptr[0]) & 0x80) == 0) {
			if (lower((unsigned char)a.ptr[0]) !=
			    lower((unsigned char)b.ptr[0]))
				return false;
			na = nb = 1;
		} else if (lower(utf8_decode(a, &na)) !=
		    lower(utf8_decode(b, &nb))) {
			return false;
		}
		a = span_of(a.ptr + na, a.len - na);
		b = span_of(b.ptr + nb, b.len - nb);
	}
	return !a.len && !b.len;
}
