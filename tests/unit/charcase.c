/* SPDX-License-Identifier: MIT */
/* charcase: letters beyond ASCII, and white space of all kinds. */
#include "charcase.h"

#include "tap.h"

static void
test_case(void)
{
	static const struct { const char *upper, *lower; } t[] = {
		{ "ABC XYZ", "abc xyz" }, { "\xc3\x84\xc3\x9c", "\xc3\xa4"
		"\xc3\xbc" }, { "\xc5\xbb\xc3\x93\xc5\x81W", "\xc5\xbc\xc3"
		"\xb3\xc5\x82w" }, { "\xc5\xb8", "\xc3\xbf" }, { "\xce\x91"
		"\xce\xa9", "\xce\xb1\xcf\x89" }, { "\xd0\x96\xd0\x81",
		"\xd0\xb6\xd1\x91" }, { "\xc4\x8c\xc5\xa0", "\xc4\x8d\xc5"
		"\xa1" }, { "1\xc3\x97\xe4\xbd\xa0", "1\xc3\x97\xe4\xbd\xa0" },
	};
	struct buf b;
	size_t i;

	buf_init(&b, 4096, "text");
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		buf_reset(&b);
		charcase_lower(&b, span_str(t[i].upper));
		is(buf_view(&b), span_str(t[i].lower), t[i].lower);
		buf_reset(&b);
		charcase_upper(&b, span_str(t[i].lower));
		is(buf_view(&b), span_str(t[i].upper), t[i].upper);
		ok(charcase_eq(span_str(t[i].upper), span_str(t[i].lower)),
		    "equal but for case");
	}
	ok(!charcase_eq(SPAN("abc"), SPAN("abcd")), "longer is not equal");
	ok(!charcase_eq(SPAN("\xc3\xa4"), SPAN("a")), "a dot makes a"
	    " difference");
	ok(charcase_eq(SPAN(""), SPAN("")), "nothing is nothing");
	buf_free(&b);
}

static void
test_space(void)
{
	struct buf b;

	is(charcase_trim(SPAN(" \t\r\n a b \v\f")), SPAN("a b"), "ASCII");
	is(charcase_trim(SPAN("\xc2\xa0x\xe3\x80\x80\xc2\xa0")), SPAN("x"),
	    "no-break and ideographic space");
	is(charcase_trim(SPAN("   ")), SPAN(""), "nothing left");
	is(charcase_trim(SPAN("")), SPAN(""), "nothing at all");
	is(charcase_trim(SPAN("\xc3\xa0")), SPAN("\xc3\xa0"), "a letter that"
	    " ends like a no-break space");
	buf_init(&b, 4096, "text");
	charcase_squeeze(&b, SPAN("  a \n\t b\xc2\xa0\xc2\xa0" "c "));
	is(buf_view(&b), SPAN("a b c"), "squeezed");
	buf_free(&b);
}

int
main(void)
{
	test_case();
	test_space();
	return tap_done();
}
