/* SPDX-License-Identifier: MIT */
#include "utf8.h"

#include "le.h"

#define HIGH_BITS 0x8080808080808080u

static inline bool
is_tail(unsigned char c)
{
	return (c & 0xc0) == 0x80;
}

/*
 * The second byte decides: after E0 and F0 it excludes overlongs, after ED
 * surrogates, after F4 what lies beyond 10FFFF.
 */
static inline bool
second_fits(unsigned char lead, unsigned char c)
{
	switch (lead) {
	case 0xe0:
		return c >= 0xa0 && c <= 0xbf;
	case 0xed:
		return c >= 0x80 && c <= 0x9f;
	case 0xf0:
		return c >= 0x90 && c <= 0xbf;
	case 0xf4:
		return c >= 0x80 && c <= 0x8f;
	default:
		return is_tail(c);
	}
}

size_t
utf8_sequence(struct span s)
{
	const unsigned char *u = (const unsigned char *)s.ptr;

	if (s.len < 2 || u[0] < 0xc2 || u[0] > 0xf4 ||
	    !second_fits(u[0], u[1]))
		return 0;
	if (u[0] < 0xe0)
		return 2;
	if (s.len < 3 || !is_tail(u[2]))
		return 0;
	if (u[0] < 0xf0)
		return 3;
	return s.len >= 4 && is_tail(u[3]) ? 4 : 0;
}

size_t
utf8_valid(struct span s)
{
	size_t at = 0, n;

	while (at < s.len) {
		if (s.len - at >= 8 && !(le_load64(s.ptr + at) & HIGH_BITS)) {
			at += 8;
		} else if ((unsigned char)s.ptr[at] < 0x80) {
			at++;
		} else {
			n = utf8_sequence(span_of(s.ptr + at, s.len - at));
			if (n == 0)
				break;
			at += n;
		}
	}
	return at;
}

uint32_t
utf8_decode(struct span s, size_t *len)
{
	const unsigned char *u = (const unsigned char *)s.ptr;
	uint32_t c = u[0];
	size_t i;

	*len = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
	if (*len > 1)
		c &= 0x7fu >> *len;
	for (i = 1; i < *len; i++)
		c = c << 6 | (u[i] & 0x3f);
	return c;
}

size_t
utf8_encode(uint32_t c, char out[4])
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xc0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xe0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3f));
		out[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3f));
	out[2] = (char)(0x80 | (c >> 6 & 0x3f));
	out[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

void
utf8_put(struct buf *b, uint32_t code_point)
{
	char out[4];

	buf_put(b, out, utf8_encode(code_point, out));
}

size_t
utf8_length(struct span s)
{
	size_t i, n = 0;

	for (i = 0; i < s.len; i++)
		n += !is_tail((unsigned char)s.ptr[i]);
	return n;
}
