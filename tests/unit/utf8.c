/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "tap.h"
#include "utf8.h"

/* What RFC 3629 says, the slow way: decode, then judge the number. */
static size_t
sequence_by_rule(const unsigned char *u, size_t len)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t n = u[0] >= 0xf8 ? 0 : u[0] >= 0xf0 ? 4 : u[0] >= 0xe0 ? 3 :
	    u[0] >= 0xc0 ? 2 : 0;
	uint32_t c;
	size_t i;

	if (n == 0 || n > len)
		return 0;
	c = u[0] & (0xffu >> (n + 1));
	for (i = 1; i < n; i++) {
		if ((u[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (u[i] & 0x3f);
	}
	if (c < least[n] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	return n;
}

/* All lead and second bytes, edges of the rest, each length of what is there.
 */
static void
test_sequence(void)
{
	static const unsigned char edges[] = { 0, 0x7f, 0x80, 0x9f, 0xa0, 0xbf,
		0xc0, 0xff };
	unsigned char u[4];
	unsigned a, b, c, d;
	size_t len, wrong = 0, count = 0;

	for (a = 0; a < 256; a++)
		for (b = 0; b < 256; b++)
			for (c = 0; c < 8; c++)
				for (d = 0; d < 8; d++) {
					u[0] = (unsigned char)a;
					u[1] = (unsigned char)b;
					u[2] = edges[c];
					u[3] = edges[d];
					for (len = 1; len <= 4; len++) {
						count++;
						wrong += utf8_sequence(span_of(
						    (char *)u, len)) !=
						    sequence_by_rule(u, len);
					}
				}
	ok(wrong == 0, "%zu sequences judged as RFC 3629 does", count);
}

static void
test_code_points(void)
{
	uint32_t c, wrong = 0;
	size_t n, len;
	char out[4];

	for (c = 0; c < 0x110000; c++) {
		if (c >= 0xd800 && c < 0xe000)
			continue;
		n = utf8_encode(c, out);
		wrong += utf8_valid(span_of(out, n)) != n ||
		    utf8_decode(span_of(out, n), &len) != c || len != n ||
		    utf8_sequence(span_of(out, n)) != (n > 1 ? n : 0) ||
		    utf8_length(span_of(out, n)) != 1;
	}
	ok(wrong == 0, "every code point there and back");
}

/* A bad byte at each place of a text longer than a word. */
static void
test_valid(void)
{
	static const char bad[] = "\x80\xc0\xc3\xe2\xed\xf0\xf5\xff";
	size_t len, at, i, wrong = 0;
	char *text;

	for (len = 1; len <= 40; len++) {
		text = malloc(len);
		for (at = 0; at < len; at++)
			for (i = 0; i < sizeof(bad) - 1; i++) {
				memset(text, 'a', len);
				text[at] = bad[i];
				wrong += utf8_valid(span_of(text, len)) != at;
			}
		memset(text, 'a', len);
		wrong += utf8_valid(span_of(text, len)) != len;
		free(text);
	}
	ok(wrong == 0, "the valid prefix ends at the bad byte");
	ok(utf8_valid(SPAN("")) == 0 && utf8_valid(span_of(NULL, 0)) == 0,
	    "empty");
	ok(utf8_valid(SPAN("a\0b")) == 3, "NUL is valid UTF-8");
	ok(utf8_valid(SPAN("\xc3\xa4\xe2\x82\xac\xf0\x9f\x98")) == 5,
	    "a cut sequence at the end does not count");
	ok(utf8_valid(SPAN("\xed\xa0\xbd\xed\xb8\x80")) == 0,
	    "surrogates in UTF-8");
}

static void
test_length(void)
{
	ok(utf8_length(SPAN("")) == 0, "none");
	ok(utf8_length(SPAN("abc")) == 3, "ASCII");
	ok(utf8_length(SPAN("M\xc3\xbcller \xe2\x82\xac\xf0\x9f\x98\x80")) ==
	    9, "characters, not bytes");
}

static void
test_put(void)
{
	struct buf b;

	buf_init(&b, 64, "text");
	utf8_put(&b, 'A');
	utf8_put(&b, 0xe4);
	utf8_put(&b, 0x20ac);
	utf8_put(&b, 0x1f600);
	is(buf_view(&b), SPAN("A\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80"),
	    "one of each length");
	buf_free(&b);
}

int
main(void)
{
	test_sequence();
	test_code_points();
	test_valid();
	test_length();
	test_put();
	return tap_done();
}
