/* SPDX-License-Identifier: MIT */
/* url: one spelling of a web address. */
#include "url.h"

#include <string.h>

#include "charcase.h"

/* Length of "scheme://" at the start, 0 when there is none. */
static size_t
scheme_length(struct span s)
{
	size_t i;
	char c;

	for (i = 0; i < s.len; i++) {
		c = s.ptr[i];
		if (c == ':')
			break;
		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		    (i && ((c >= '0' && c <= '9') || c == '+' || c == '-' ||
		    c == '.'))))
			return 0;
	}
	if (i == 0 || i + 3 > s.len || memcmp(s.ptr + i, "://", 3) != 0)
		return 0;
	return i + 3;
}

enum rc
url_put(struct buf *b, struct span text, struct err *e)
{
	size_t scheme, host, i;
	struct span name;

	text = charcase_trim(text);
	for (i = 0; i < text.len; i++)
		if ((unsigned char)text.ptr[i] <= ' ')
			return err_set(e, RC_RECORD, "is no web address: a"
			    " space within");
	scheme = scheme_length(text);
	for (host = scheme; host < text.len && text.ptr[host] != '/' &&
	    text.ptr[host] != '?' && text.ptr[host] != '#'; host++)
		;
	if (host == scheme)
		return err_set(e, RC_RECORD, "is no web address: no host");
	name = span_of(text.ptr + scheme, host - scheme);
	if (charcase_trim(name).len != name.len)
		return err_set(e, RC_RECORD, "is no web address: a space at"
		    " an end of the host");
	if (text.ptr[text.len - 1] == '/' && text.len == host + 1)
		text.len--;
	charcase_lower(b, span_of(text.ptr, host));
	buf_put(b, text.ptr + host, text.len - host);
	return RC_OK;
}

struct span
url_host(struct span text)
{
	size_t at, end;

	text = charcase_trim(text);
	at = scheme_length(text);
	text = span_of(text.ptr + at, text.len - at);
	for (end = 0; end < text.len && !memchr("/?#", text.ptr[end], 3);
	    end++)
		;
	text.len = end;
	for (at = text.len; at && text.ptr[at - 1] != '@'; at--)
		;
	text = span_of(text.ptr + at, text.len - at);
	for (end = 0; end < text.len && text.ptr[end] != ':'; end++)
		;
	text.len = end;
	while (text.len && text.ptr[text.len - 1] == '.')
		text.len--;
	if (text.len > 4 && charcase_eq(span_of(text.ptr, 4), SPAN("www.")))
		text = span_of(text.ptr + 4, text.len - 4);
	return memchr(text.ptr, ' ', text.len) ? span_of(text.ptr, 0) : text;
}

/* What matters of an address when it is compared. */
static struct span
core(struct span s)
{
	size_t scheme = scheme_length(s);

	if (scheme == 7 || scheme == 8)
		s = span_of(s.ptr + scheme, s.len - scheme);
	if (s.len && s.ptr[s.len - 1] == '/')
		s.len--;
	return s;
}

bool
url_equivalent(struct span a, struct span b)
{
	return span_eq(core(a), core(b));
}
