/* SPDX-License-Identifier: MIT */
/* terminal: nothing that a terminal acts on, and all else as it is. */
#include "terminal.h"

#include "tap.h"

static void
tames(struct span text, bool lines, const char *want, const char *what)
{
	struct buf b;

	buf_init(&b, 4096, "text");
	BUF_LIT(&b, "\x1b|");
	buf_span(&b, text);
	terminal_tame(&b, 2, lines);
	is(span_of(b.ptr + 2, b.len - 2), span_str(want), what);
	ok(b.ptr[0] == '\x1b', "and what stood before stays");
	buf_free(&b);
}

static void
test_controls(void)
{
	tames(SPAN(""), false, "", "nothing");
	tames(SPAN("a\x1b[31m"), false, "a?[31m", "an escape sequence");
	tames(SPAN("a\0\r\n\t\x7f" "b"), false, "a?????b", "ASCII's own");
	tames(SPAN("a\r\nb\tc"), true, "a?\nb?c", "but lines, if wanted");
	tames(SPAN("a\xc2\x80\xc2\x9b\xc2\x9f\xc2\xa0"), false,
	    "a???\xc2\xa0", "U+0080 to U+009F, and not U+00A0");
}

/* Each that there is, and its neighbours. */
static void
test_bidi(void)
{
	tames(SPAN("1\xe2\x80\x8e" "2\xe2\x80\x8f" "3"), false, "1?2?3",
	    "U+200E and U+200F");
	tames(SPAN("\xe2\x80\xaa\xe2\x80\xab\xe2\x80\xac\xe2\x80\xad"
	    "\xe2\x80\xae"), false, "?????", "U+202A to U+202E");
	tames(SPAN("\xe2\x81\xa6\xe2\x81\xa7\xe2\x81\xa8\xe2\x81\xa9"), false,
	    "????", "U+2066 to U+2069");
	tames(SPAN("\xd8\x9c"), false, "?", "U+061C");
	tames(SPAN("\xe2\x80\x8d\xe2\x80\x90\xe2\x80\xa9\xe2\x80\xaf\xe2\x81"
	    "\xa5\xe2\x81\xaa\xd8\x9b\xd8\x9d"), false, "\xe2\x80\x8d\xe2\x80"
	    "\x90\xe2\x80\xa9\xe2\x80\xaf\xe2\x81\xa5\xe2\x81\xaa\xd8\x9b\xd8"
	    "\x9d", "and none beside them");
	tames(SPAN("\xd7\x90\xd8\xa7 \xe4\xbd\xa0 \xf0\x9f\x98\x80"), false,
	    "\xd7\x90\xd8\xa7 \xe4\xbd\xa0 \xf0\x9f\x98\x80",
	    "writing of any direction stays");
}

static void
test_broken(void)
{
	tames(SPAN("a\xe2\x80"), false, "a??", "a sequence that ends early");
	tames(SPAN("\xff\xc0\x80" "b"), false, "???b", "bytes of none");
	tames(SPAN("\xed\xa0\x80"), false, "???", "half a surrogate pair");
}

int
main(void)
{
	test_controls();
	test_bidi();
	test_broken();
	return tap_done();
}
