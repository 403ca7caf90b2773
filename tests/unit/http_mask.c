/* SPDX-License-Identifier: MIT */
#include "http_mask.h"

#include "tap.h"

static struct buf out;

static void
header(const char *line, const char *want)
{
	buf_reset(&out);
	http_mask_header(&out, span_str(line));
	is(buf_view(&out), span_str(want), want);
}

static void
url(const char *text, bool all, const char *want)
{
	buf_reset(&out);
	http_mask_url(&out, span_str(text), all);
	is(buf_view(&out), span_str(want), want);
}

static void
body(const char *text, const char *type, const char *want)
{
	buf_reset(&out);
	http_mask_body(&out, span_str(text), span_str(type), true);
	is(buf_view(&out), span_str(want), want);
}

static void
plain(const char *text, const char *type, const char *want)
{
	buf_reset(&out);
	http_mask_body(&out, span_str(text), span_str(type), false);
	is(buf_view(&out), span_str(want), want);
}

static void
test_headers(void)
{
	header("Authorization: Bearer abc", "Authorization: ***");
	header("set-COOKIE: sid=1", "set-COOKIE: ***");
	header("Proxy-Authorization: x", "Proxy-Authorization: ***");
	header("X-Api-Key: x", "X-Api-Key: ***");
	header("Content-Type: text/html", "Content-Type: text/html");
	header("Location: /x?code=1&a=2", "Location: /x?code=***&a=2");
	header("X: a\x1b[31m", "X: a [31m");
	header("no colon", "no colon");
}

static void
test_urls(void)
{
	url("https://a.test/x?after=7&limit=1", false,
	    "https://a.test/x?after=7&limit=1");
	url("/x?access_token=abc&a=1", false, "/x?access_token=***&a=1");
	url("/x?hapikey=abc", false, "/x?hapikey=***");
	url("/x?CODE=abc&state=s", false, "/x?CODE=***&state=***");
	url("/x?after=7&limit=1", true, "/x?after=***&limit=***");
	url("/contacts/ann@acme.test?idProperty=email", false,
	    "/contacts/***?idProperty=email");
	url("/contacts/ann%40acme.test/x", false, "/contacts/***/x");
	url("/x?email=ann%40acme.test", false, "/x?email=***");
	url("/x?a=1#access_token=abc&b=2", false,
	    "/x?a=1#access_token=***&b=2");
	url("/x?a&b=&c", false, "/x?a&b=&c");
	url("", false, "");
}

static void
test_bodies(void)
{
	body("{\"id\":\"7\",\"email\":\"a@b.test\",\"n\":12,\"ok\":true}", "",
	    "{\"id\":\"7\",\"email\":\"***\",\"n\":0,\"ok\":true}");
	body("{\"status\":\"error\",\"message\":\"Ann is known\"}", "",
	    "{\"status\":\"error\",\"message\":\"***\"}");
	body("[{\"code\":\"X\"},\"Ann\"]", "", "[{\"code\":\"X\"},\"***\"]");
	body("{\"id\":\"ann@acme.test\"}", "", "{\"id\":\"***\"}");
	body("{\"Ann Lee\":{\"a\":[1,-2e9,null]}}", "",
	    "{\"***\":{\"a\":[0,0,null]}}");
	body("{\"a\\\"b\":\"x\\\\\",\"c\":\"d", "",
	    "{\"***\":\"***\",\"c\":\"***\"");
	body("{\"a\":\"x\\", "", "{\"a\":\"***\"");
	body("grant_type=refresh_token&refresh_token=abc&client_secret=x",
	    "application/x-www-form-urlencoded",
	    "grant_type=***&refresh_token=***&client_secret=***");
	body("<html><title>Down</title>", "text/html", "Down");
	body("", "", "");
	plain("{\"email\":\"a@b.test\",\n\"n\":-2e9,\"state\":\"NY\","
	    "\"refresh_token\":\"abc\",\"a\":\"x\\\"y\"}", "",
	    "{\"email\":\"a@b.test\", \"n\":-2e9,\"state\":\"NY\","
	    "\"refresh_token\":\"***\",\"a\":\"x\\\"y\"}");
	plain("{\"tokens\":[\"abc\",{\"v\":\"def\",\"n\":12}],\"a\":\"b\"}",
	    "", "{\"tokens\":[\"***\",{\"v\":\"***\",\"n\":0}],"
	    "\"a\":\"b\"}");
	plain("{\"secret\":{\"x\":[1],\"y\":\"z\"},\"n\":7}", "",
	    "{\"secret\":{\"x\":[0],\"y\":\"***\"},\"n\":7}");
	plain("{\"api_token\":123,\"n\":[1]}", "",
	    "{\"api_token\":0,\"n\":[1]}");
	body("{\"name\":nancy.lee,\"a\":[true,null]}", "",
	    "{\"name\":0,\"a\":[true,null]}");
	buf_reset(&out);
	http_mask_body(&out, SPAN("{\"access_token\":\0\"abc\"}"), SPAN(""),
	    false);
	ok(!strstr(buf_cstr(&out), "abc"), "a NUL does not part a name from "
	    "its value");
	plain("a=1&client_secret=x", "application/x-www-form-urlencoded",
	    "a=1&client_secret=***");
}

/* Whatever the bytes: it ends, within what it reads. */
static void
test_any(void)
{
	uint64_t seed = 1;
	char text[64];
	int done = 0;

	for (; done < 20000; done++) {
		size_t len = (size_t)done % sizeof text;

		for (size_t i = 0; i < len; i++) {
			seed = seed * 6364136223846793005u + 1;
			text[i] = "\"\\{}[]:,a1 <>=&?@%/\0t"[(seed >> 33) %
			    21];
		}
		buf_reset(&out);
		http_mask_body(&out, span_of(text, len), SPAN(""),
		    done & 2);
		http_mask_url(&out, span_of(text, len), done & 1);
		http_mask_header(&out, span_of(text, len));
	}
	ok(done == 20000, "any bytes can be masked");
}

int
main(void)
{
	buf_init(&out, 4096, "masked");
	test_headers();
	test_urls();
	test_bodies();
	test_any();
	buf_free(&out);
	return tap_done();
}
