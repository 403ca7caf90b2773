/* SPDX-License-Identifier: MIT */
#include "buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "xalloc.h"

#define FIRST_ROOM 256

void
buf_init(struct buf *b, size_t cap, const char *what)
{
	*b = (struct buf){ .cap = cap, .what = what };
}

void
buf_free(struct buf *b)
{
	free(b->ptr);
	*b = (struct buf){ .cap = b->cap, .what = b->what };
}

bool
buf_grow(struct buf *b, size_t n)
{
	size_t need = b->len + n;
	size_t room = b->room ? b->room : FIRST_ROOM;

	if (b->over || need < n || need > b->cap) {
		b->over = true;
		return false;
	}
	while (room < need)
		room *= 2;
	if (room > b->cap)
		room = b->cap;
	b->ptr = xrealloc(b->ptr, room);
	b->room = room;
	return true;
}

void
buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	char small[256];
	int n;

	va_start(ap, fmt);
	n = vsnprintf(small, sizeof small, fmt, ap);
	va_end(ap);
	if (n < 0)
		return;
	if ((size_t)n < sizeof small) {
		buf_put(b, small, (size_t)n);
		return;
	}
	if (!buf_reserve(b, (size_t)n + 1))
		return;
	va_start(ap, fmt);
	vsnprintf(b->ptr + b->len, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->len += (size_t)n;
}

void
buf_u64(struct buf *b, uint64_t n)
{
	char digits[20];
	size_t at = sizeof digits;

	do {
		digits[--at] = (char)('0' + n % 10);
		n /= 10;
	} while (n);
	buf_put(b, digits + at, sizeof digits - at);
}

void
buf_hex(struct buf *b, const void *bytes, size_t n)
{
	static const char hex[] = "0123456789abcdef";
	const unsigned char *p = bytes;

	if (!buf_reserve(b, 2 * n))
		return;
	for (size_t i = 0; i < n; i++) {
		b->ptr[b->len++] = hex[p[i] >> 4];
		b->ptr[b->len++] = hex[p[i] & 15];
	}
}

void
buf_varint(struct buf *b, uint64_t n)
{
	if (!buf_reserve(b, 10))
		return;
	while (n >= 0x80) {
		b->ptr[b->len++] = (char)(n | 0x80);
		n >>= 7;
	}
	b->ptr[b->len++] = (char)n;
}

void
buf_counted(struct buf *b, struct span s)
{
	buf_varint(b, s.len);
	buf_span(b, s);
}

const char *
buf_cstr(struct buf *b)
{
	if (!buf_reserve(b, 1))
		return "";
	b->ptr[b->len] = '\0';
	return b->ptr;
}

enum rc
buf_check(const struct buf *b, struct err *e)
{
	if (!b->over)
		return RC_OK;
	return err_set(e, RC_RECORD, "%s is longer than %zu bytes",
	    b->what ? b->what : "text", b->cap);
}

bool
span_take_varint(struct span *s, uint64_t *n)
{
	uint64_t value = 0;

	for (size_t i = 0; i < s->len && i < 10; i++) {
		unsigned char c = (unsigned char)s->ptr[i];

		if (i == 9 && c > 1)
			return false;
		value |= (uint64_t)(c & 0x7f) << (7 * i);
		if (c & 0x80)
			continue;
		s->ptr += i + 1;
		s->len -= i + 1;
		*n = value;
		return true;
	}
	return false;
}

bool
span_take_counted(struct span *s, struct span *out)
{
	uint64_t n;

	if (!span_take_varint(s, &n) || n > s->len)
		return false;
	*out = span_of(s->ptr, (size_t)n);
	s->ptr += n;
	s->len -= (size_t)n;
	return true;
}

bool
span_take_bytes(struct span *s, void *out, size_t n)
{
	if (n > s->len)
		return false;
	memcpy(out, s->ptr, n);
	s->ptr += n;
	s->len -= n;
	return true;
}
