/* SPDX-License-Identifier: MIT */
#include "terminal.h"

#include "utf8.h"

/* Marks, embeddings, overrides and isolates, of Unicode's annex 9. */
static bool
is_bidi(uint32_t c)
{
	return c == 0x61c || c == 0x200e || c == 0x200f ||
	    (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

/* Its bytes, or 0. */
static size_t
harmless(struct span s, bool lines)
{
	size_t n;
	uint32_t c;

	if ((unsigned char)s.ptr[0] >= 0x80 && utf8_sequence(s) == 0)
		return 0;
	c = utf8_decode(s, &n);
	if ((c < ' ' && !(lines && c == '\n')) || (c >= 0x7f && c <= 0x9f) ||
	    is_bidi(c))
		return 0;
	return n;
}

/* What is not harmless is one character, or one byte that is none. */
static size_t
length(struct span s)
{
	size_t n = utf8_sequence(s);

	return n ? n : 1;
}

void
terminal_tame(struct buf *b, size_t from, bool lines)
{
	struct span s = span_of(b->ptr + from, b->len - from);
	size_t to = from;

	while (s.len) {
		size_t n = harmless(s, lines);

		if (n) {
			memmove(b->ptr + to, s.ptr, n);
			to += n;
		} else {
			n = length(s);
			b->ptr[to++] = '?';
		}
		s = span_of(s.ptr + n, s.len - n);
	}
	b->len = to;
}
