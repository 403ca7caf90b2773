/* SPDX-License-Identifier: MIT */
#include "http_origin.h"

#include "tap.h"

static void
parses(const char *url, bool tls, const char *host, unsigned port,
    const char *rest)
{
	struct http_origin o = { 0 };

	ok(http_origin_parse(span_str(url), &o) && o.tls == tls &&
	    span_eq(o.host, span_str(host)) && o.port == port &&
	    span_eq(o.rest, span_str(rest)), "%s", url);
}

static void
refuses(const char *url)
{
	struct http_origin o;

	ok(!http_origin_parse(span_str(url), &o), "refused: %.*s",
	    (int)strcspn(url, "\r"), url);
}

static void
test_parse(void)
{
	parses("https://api.test", true, "api.test", 443, "");
	parses("http://api.test/a?b", false, "api.test", 80, "/a?b");
	parses("HTTPS://Api.Test:8443?q", true, "Api.Test", 8443, "?q");
	parses("http://[::1]:80/", false, "[::1]", 80, "/");
	parses("https://a.test/x@y.test/", true, "a.test", 443, "/x@y.test/");
	refuses("https://me@api.test/");
	refuses("https://api.test:pw@evil.test/");
	refuses("https://api.test\\@evil.test/");
	refuses("https://api.test#@evil.test/");
	refuses("https://api.test /");
	refuses("https://api.test\r\nX: y/");
	refuses("https://");
	refuses("https:///path");
	refuses("https://a.test:0/");
	refuses("https://a.test:65536/");
	refuses("https://a.test:99999999999999999999/");
	refuses("https://a.test:/");
	refuses("https://[::1");
	refuses("ftp://a.test/");
	refuses("//a.test/");
	refuses("/path");
	refuses("https://\xc3\xa4.test/");
	refuses("");
}

static void
same(const char *a, const char *b, bool want)
{
	struct http_origin x, y;

	ok(http_origin_parse(span_str(a), &x) &&
	    http_origin_parse(span_str(b), &y) &&
	    http_origin_same(&x, &y) == want, "%s %s %s", a,
	    want ? "is of the origin of" : "is not of the origin of", b);
}

static void
test_same(void)
{
	same("https://a.test", "https://A.TEST:443/x", true);
	same("http://a.test:443", "https://a.test", false);
	same("https://a.test", "https://a.test:8443", false);
	same("https://a.test", "https://b.a.test", false);
	same("https://a.test", "https://a.test.evil.test", false);
	same("https://a.test", "https://a.tes", false);
}

static void
is_private(const char *url, bool want)
{
	struct http_origin o;

	ok(http_origin_parse(span_str(url), &o) &&
	    http_origin_private(&o) == want, "%s %s", url,
	    want ? "may be spoken to" : "would be read by others");
}

static void
test_private(void)
{
	is_private("https://a.test", true);
	is_private("http://a.test", false);
	is_private("http://localhost:1", true);
	is_private("http://localhost.evil.test", false);
	is_private("http://127.0.0.1", true);
	is_private("http://127.9.8.7:9", true);
	is_private("http://127.0.0.1.evil.test", false);
	is_private("http://127.evil.test", false);
	is_private("http://127.0.1", false);
	is_private("http://[::1]:8", true);
	is_private("http://[::2]", false);
	is_private("http://10.0.0.1", false);
}

static void
resolves(const char *from, const char *location, const char *want)
{
	struct buf b;

	buf_init(&b, 4096, "address");
	if (!http_origin_resolve(&b, span_str(from), span_str(location)))
		buf_reset(&b);
	is(buf_view(&b), span_str(want), location);
	buf_free(&b);
}

static void
test_resolve(void)
{
	resolves("https://a.test/x/y?z=/q", "/new?a", "https://a.test/new?a");
	resolves("https://a.test/x/y?z=/q", "new", "https://a.test/x/new");
	resolves("https://a.test", "new", "https://a.test/new");
	resolves("https://a.test/x", "//b.test/y", "https://b.test/y");
	resolves("https://a.test/x", "http://b.test/", "http://b.test/");
	resolves("https://a.test/x", "javascript:alert(1)", "");
	resolves("https://a.test/x", "https://u@b.test/", "");
	resolves("https://a.test/x", "", "");
}

static void
test_absolute(void)
{
	ok(http_origin_absolute(SPAN("https://a.test/")) &&
	    http_origin_absolute(SPAN("//a.test/")) &&
	    http_origin_absolute(SPAN("mailto:x")), "these are absolute");
	ok(!http_origin_absolute(SPAN("/a:b")) &&
	    !http_origin_absolute(SPAN("/a//b")) &&
	    !http_origin_absolute(SPAN("?a:b")) &&
	    !http_origin_absolute(SPAN("")), "and these are not");
}

int
main(void)
{
	test_parse();
	test_same();
	test_private();
	test_resolve();
	test_absolute();
	return tap_done();
}
