/* SPDX-License-Identifier: MIT */
/* The vector and the word scan end where looking at each byte ends. */
#include <stdlib.h>

#include "json_scan.h"
#include "tap.h"

#define LONGEST 40

/* Each way over text[from..len): how many disagree with the plain one. */
static unsigned
disagree(const char *text, size_t from, size_t len, bool ascii)
{
	const char *p = text + from, *end = text + len;
	const char *want = json_scan_bytes(p, end, ascii);
	unsigned wrong = json_scan_swar(p, end, ascii) != want;

#ifdef __SSE2__
	wrong += json_scan_sse2(p, end, ascii) != want;
#endif
	return wrong;
}

/* Two bytes at any two places of any length, at some alignments.
 */
static unsigned
try_bytes(unsigned char c, unsigned char after, bool ascii)
{
	size_t len, at, from;
	unsigned wrong = 0;
	char *text;

	for (len = 1; len <= LONGEST; len++) {
		text = malloc(len);
		for (at = 0; at < len; at++) {
			memset(text, 'x', len);
			text[at] = (char)c;
			if (at + 1 < len)
				text[at + 1] = (char)after;
			if (at + 9 < len)
				text[at + 9] = (char)c;
			for (from = 0; from < len && from < 16;
			    from += 5)
				wrong += disagree(text, from, len, ascii);
		}
		free(text);
	}
	return wrong;
}

static void
test_after(unsigned char after, bool ascii)
{
	unsigned c, wrong = 0;

	for (c = 0; c < 256; c++)
		wrong += try_bytes((unsigned char)c, after, ascii);
	ok(wrong == 0, "any byte, then %02x%s", after, ascii ? ", ascii" : "");
}

static void
test_stops(void)
{
	unsigned c, wrong = 0;
	char text[LONGEST];

	for (c = 0; c < 256; c++) {
		bool stop = c == '"' || c == '\\' || c < 0x20;

		memset(text, ' ', sizeof(text));
		text[20] = (char)c;
		wrong += json_scan(text, text + LONGEST) !=
		    text + (stop ? 20 : LONGEST);
		wrong += json_scan_ascii(text, text + LONGEST) !=
		    text + (stop || c >= 0x80 ? 20 : LONGEST);
	}
	ok(wrong == 0, "each of 256 bytes stops or does not, as it should");
	ok(json_scan(text, text) == text, "nothing to scan");
}

int
main(void)
{
	static const unsigned char after[] = { 'x', '"', '#', '!', ' ', 0x1e,
		']', '[', 0x1f, 0x80, 0xff, 0 };
	size_t i;

	test_stops();
	for (i = 0; i < sizeof(after); i++) {
		test_after(after[i], false);
		test_after(after[i], true);
	}
	return tap_done();
}
