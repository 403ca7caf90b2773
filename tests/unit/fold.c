/* SPDX-License-Identifier: MIT */
/* fold, legal_form, nickname: names as people mean them. */
#include "fold.h"
#include "legal_form.h"
#include "nickname.h"

#include "tap.h"

static void
test_words(void)
{
	static const struct { const char *text, *want; } t[] = {
		{ "Acme", "acme" }, { "  O'Brien-Smith ", "obrien smith" },
		{ "M\xc3\xbcller", "muller" },
		{ "Stra\xc3\x9f" "e", "strasse" },
		{ "\xc3\x86r\xc3\xb8", "aero" }, { "S.p.A.", "spa" },
		{ "\xc5\x81\xc3\xb3" "d\xc5\xba", "lodz" }, { "", "" },
		{ "H&M", "h and m" }, { "a,b", "a b" }, { "---", "" },
		{ "e\xcc\x81t\xc3\xa9", "ete" }, { "\xd0\x96\xd0\xb0",
		"\xd0\xb6\xd0\xb0" }, { "D\xe2\x80\x99" "Arc", "darc" },
		{ "a\xc2\xa0" "b", "a b" }, { "\xe6\x9d\xb1\xe4\xba\xac",
		"\xe6\x9d\xb1\xe4\xba\xac" }, { "\xc3\x97", "" },
	};
	struct buf b;

	buf_init(&b, 4096, "text");
	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		buf_reset(&b);
		fold_words(&b, span_str(t[i].text));
		is(buf_view(&b), span_str(t[i].want), t[i].text);
	}
	buf_reset(&b);
	fold_code(&b, SPAN(" SW1A 1-aa "));
	is(buf_view(&b), SPAN("sw1a1aa"), "a code has no spaces");
	buf_reset(&b);
	fold_digits(&b, SPAN("+49 (30) 1x"));
	is(buf_view(&b), SPAN("49301"), "digits alone");
	buf_free(&b);
}

static void
test_legal(void)
{
	static const struct { const char *name, *want; } t[] = {
		{ "acme gmbh", "acme" }, { "acme inc", "acme" },
		{ "acme gmbh and co kg", "acme" }, { "acme pty ltd", "acme" },
		{ "acme s a", "acme" }, { "acme sp z oo", "acme" },
		{ "the acme company", "acme" }, { "ltd", "ltd" },
		{ "gmbh ag", "gmbh" }, { "co", "co" }, { "", "" },
		{ "smith and sons", "smith and sons" }, { "brown and co",
		"brown" }, { "acme holding", "acme holding" },
		{ "acme ugly", "acme ugly" }, { "acme a s", "acme" },
		{ "the the", "the" },
	};

	for (size_t i = 0; i < sizeof t / sizeof *t; i++)
		is(legal_form_strip(span_str(t[i].name)),
		    span_str(t[i].want), t[i].name);
}

static void
test_nickname(void)
{
	ok(nickname_same(SPAN("bob"), SPAN("robert")), "bob is robert");
	ok(nickname_same(SPAN("robert"), SPAN("bob")), "and robert is bob");
	ok(nickname_same(SPAN("bill"), SPAN("willy")), "both are william");
	ok(!nickname_same(SPAN("bob"), SPAN("bill")), "bob is not bill");
	ok(!nickname_same(SPAN("ro"), SPAN("bob")), "a part is no name");
	ok(!nickname_same(SPAN("ert"), SPAN("bob")), "nor is an end");
	ok(!nickname_same(SPAN(""), SPAN("bob")), "nothing is nobody");
}

int
main(void)
{
	test_words();
	test_legal();
	test_nickname();
	return tap_done();
}
