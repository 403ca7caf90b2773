/* SPDX-License-Identifier: MIT */
#include "http_origin.h"

#include <strings.h>

#define PORT_MAX 65535

static bool
begins(struct span s, struct span with)
{
	return s.len >= with.len &&
	    strncasecmp(s.ptr, with.ptr, with.len) == 0;
}

static struct span
after(struct span s, size_t n)
{
	return span_of(s.ptr + n, s.len - n);
}

/* What other readers of addresses take in several ways. */
static bool
is_plain(struct span url)
{
	for (size_t i = 0; i < url.len; i++) {
		unsigned char c = (unsigned char)url.ptr[i];

		if (c <= ' ' || c >= 127 || c == '\\' || c == '#')
			return false;
	}
	return true;
}

static size_t
authority_length(struct span s)
{
	size_t n = 0;

	while (n < s.len && s.ptr[n] != '/' && s.ptr[n] != '?')
		n++;
	return n;
}

static bool
is_host(struct span host)
{
	bool six = host.len && host.ptr[0] == '[';

	if (!host.len || (six && host.ptr[host.len - 1] != ']'))
		return false;
	for (size_t i = six; i < host.len - six; i++) {
		char c = host.ptr[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		    (c >= '0' && c <= '9') || c == '.' ||
		    (six ? c == ':' : c == '-' || c == '_')))
			return false;
	}
	return true;
}

/* "host[:port]" */
static bool
parse_authority(struct span s, struct http_origin *o)
{
	size_t n = s.len;
	unsigned port = 0;

	while (n && s.ptr[n - 1] >= '0' && s.ptr[n - 1] <= '9')
		n--;
	o->port = o->tls ? 443 : 80;
	o->host = s;
	if (n && s.ptr[n - 1] == ':') {
		o->host.len = n - 1;
		for (size_t i = n; i < s.len && port <= PORT_MAX; i++)
			port = port * 10 + (unsigned)(s.ptr[i] - '0');
		if (!port || port > PORT_MAX)
			return false;
		o->port = port;
	}
	return is_host(o->host);
}

bool
http_origin_parse(struct span url, struct http_origin *o)
{
	size_t n;

	if (!is_plain(url))
		return false;
	if (begins(url, SPAN("https://")))
		o->tls = true;
	else if (begins(url, SPAN("http://")))
		o->tls = false;
	else
		return false;
	url = after(url, o->tls ? 8 : 7);
	n = authority_length(url);
	o->rest = after(url, n);
	return parse_authority(span_of(url.ptr, n), o);
}

bool
http_origin_same(const struct http_origin *a, const struct http_origin *b)
{
	return a->tls == b->tls && a->port == b->port &&
	    a->host.len == b->host.len &&
	    strncasecmp(a->host.ptr, b->host.ptr, a->host.len) == 0;
}

/* Four numbers, the first 127: "127.evil.test" is a name. */
static bool
is_loopback_v4(struct span host)
{
	unsigned dots = 0, digits = 0;

	if (!begins(host, SPAN("127.")))
		return false;
	for (size_t i = 0; i < host.len; i++) {
		char c = host.ptr[i];

		if (c == '.') {
			if (!digits)
				return false;
			dots++;
			digits = 0;
		} else if (c < '0' || c > '9' || ++digits > 3) {
			return false;
		}
	}
	return dots == 3 && digits;
}

bool
http_origin_loopback(const struct http_origin *o)
{
	return (o->host.len == 9 && begins(o->host, SPAN("localhost"))) ||
	    span_eq(o->host, SPAN("[::1]")) || is_loopback_v4(o->host);
}

bool
http_origin_private(const struct http_origin *o)
{
	return o->tls || http_origin_loopback(o);
}

bool
http_origin_absolute(struct span url)
{
	if (begins(url, SPAN("//")))
		return true;
	for (size_t i = 0; i < url.len; i++) {
		if (url.ptr[i] == '/' || url.ptr[i] == '?')
			return false;
		if (url.ptr[i] == ':')
			return true;
	}
	return false;
}

/* The path of `from` up to its last '/'. */
static struct span
folder(struct span rest)
{
	size_t n = 0, end = 0;

	for (; n < rest.len && rest.ptr[n] != '?'; n++)
		if (rest.ptr[n] == '/')
			end = n + 1;
	return span_of(rest.ptr, end);
}

bool
http_origin_resolve(struct buf *b, struct span from, struct span location)
{
	struct http_origin o, to;
	struct span root;
	size_t start = b->len;

	if (!http_origin_parse(from, &o) || !location.len)
		return false;
	root = span_of(from.ptr, from.len - o.rest.len);
	if (begins(location, SPAN("//"))) {
		buf_span(b, o.tls ? SPAN("https:") : SPAN("http:"));
	} else if (!http_origin_absolute(location)) {
		buf_span(b, root);
		if (location.ptr[0] != '/') {
			buf_span(b, folder(o.rest));
			if (!folder(o.rest).len)
				buf_putc(b, '/');
		}
	}
	buf_span(b, location);
	return !b->over && http_origin_parse(span_of(b->ptr + start,
	    b->len - start), &to);
}
