/* SPDX-License-Identifier: MIT */
#include "base64.h"

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "abcdefghijklmnopqrstuvwxyz0123456789+/";

void
base64_put(struct buf *b, struct span s)
{
	for (size_t i = 0; i < s.len; i += 3) {
		size_t n = s.len - i < 3 ? s.len - i : 3;
		unsigned v = 0;

		for (size_t k = 0; k < 3; k++)
			v = v << 8 | (k < n ? (unsigned char)s.ptr[i + k] : 0);
		for (size_t k = 0; k < 4; k++)
			buf_putc(b, k <= n ? digits[v >> (18 - 6 * k) & 63] :
			    '=');
	}
}

/* The digit's number, or 64. */
static unsigned
number(char c)
{
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (unsigned)(at - digits) : 64;
}

bool
base64_take(struct buf *b, struct span text)
{
	if (text.len % 4)
		return false;
	for (size_t i = 0; i < text.len; i += 4) {
		const char *p = text.ptr + i;
		bool last = i + 4 == text.len;
		size_t pad = !last || p[3] != '=' ? 0 : p[2] == '=' ? 2 : 1;
		unsigned v = 0;

		for (size_t k = 0; k < 4; k++) {
			unsigned d = k >= 4 - pad ? 0 : number(p[k]);

			if (d > 63)
				return false;
			v = v << 6 | d;
		}
		if (v & ((1u << (8 * pad)) - 1))
			return false; /* bits that are no byte's */
		for (size_t k = 0; k < 3 - pad; k++)
			buf_putc(b, (char)(v >> (16 - 8 * k)));
	}
	return true;
}
