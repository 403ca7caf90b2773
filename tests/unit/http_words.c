/* SPDX-License-Identifier: MIT */
#include "http_words.h"

#include "tap.h"

static void
says(const char *body, const char *want)
{
	struct buf b;

	buf_init(&b, 1000, "words");
	http_words_put(&b, span_str(body));
	is(buf_view(&b), span_str(want), want[0] ? want : "nothing");
	buf_free(&b);
}

static void
test_long(void)
{
	static char text[200000];
	struct buf b;

	for (size_t i = 0; i + 2 < sizeof text; i += 2)
		memcpy(text + i, "\xc3\xa4", 2);
	buf_init(&b, 1000, "words");
	http_words_put(&b, span_str(text));
	ok(b.len == 123 && memcmp(b.ptr + 118, "\xc3\xa4...", 5) == 0,
	    "a long one is cut between characters");
	memset(text, '<', sizeof text - 1);
	buf_reset(&b);
	http_words_put(&b, span_str(text));
	ok(b.len == 0, "nothing but brackets says nothing");
	buf_free(&b);
}

int
main(void)
{
	says("Header too long: Authorization: Bearer CPjabc. Sorry",
	    "Header too long: Authorization: Bearer *** Sorry");
	says("<pre>authorization:BASIC abc</pre>", "authorization:BASIC ***");
	says("no /x?access_token=abc here", "no *** here");
	says("", "");
	says("<html><head><title>502 Bad\n Gateway</title></head><body>x",
	    "502 Bad Gateway");
	says("<!doctype html><TITLE lang=en>Down</TITLE>", "Down");
	says("<html><style>p{color:red}</style><p>We are <b>sorry</b></p>",
	    "We are sorry");
	says("<p>a<!-- <b>hidden</b> -->b", "a b");
	says("<script>alert(1)</script", "");
	says("<html><title></title><p>words", "words");
	says("<title>never closed", "never closed");
	says("upstream  connect\terror\x1b[31m", "upstream connect error [31m");
	says("unknown user ann@acme.test here", "unknown user *** here");
	says("<p>mail ann@acme.test</p>", "mail ***");
	says("{\"message\": \"ann@acme.test\"}", "");
	says("[1]", "");
	says("   <title>x</title>", "x");
	test_long();
	return tap_done();
}
