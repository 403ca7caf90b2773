/* SPDX-License-Identifier: MIT */
#include "http_words.h"

#include <strings.h>

#define LOOKED_AT (64u << 10) /* bytes of the body */
#define WORDS 120             /* bytes of the words */

static struct span
skip_blanks(struct span s)
{
	while (s.len && (unsigned char)s.ptr[0] <= ' ')
		s = span_of(s.ptr + 1, s.len - 1);
	return s;
}

static bool
begins(struct span s, struct span with)
{
	return s.len >= with.len &&
	    strncasecmp(s.ptr, with.ptr, with.len) == 0;
}

/* From the first occurrence on, or empty. */
static struct span
find(struct span s, struct span what)
{
	while (s.len && !begins(s, what))
		s = span_of(s.ptr + 1, s.len - 1);
	return s;
}

static struct span
skip_past(struct span s, struct span what)
{
	s = find(s, what);
	return s.len ? span_of(s.ptr + what.len, s.len - what.len) : s;
}

/* One tag, and all of a script or style. */
static struct span
skip_tag(struct span s)
{
	if (begins(s, SPAN("<script")))
		s = skip_past(s, SPAN("</script"));
	else if (begins(s, SPAN("<style")))
		s = skip_past(s, SPAN("</style"));
	else if (begins(s, SPAN("<!--")))
		return skip_past(s, SPAN("-->"));
	return skip_past(s, SPAN(">"));
}

/* Some servers repeat the header they do not like. */
static bool
ends_with(struct span s, struct span end)
{
	return s.len >= end.len && begins(span_of(s.ptr + s.len - end.len,
	    end.len), end);
}

/* A word in which '@' stands could be a person's; what a token was sent with
 * may come back. */
static void
put_word(struct buf *b, struct span word, size_t start)
{
	struct span said = b->len > start ? span_of(b->ptr + start,
	    b->len - start) : SPAN("");

	if (!word.len)
		return;
	if (memchr(word.ptr, '@', word.len) ||
	    ends_with(said, SPAN("bearer")) || ends_with(said, SPAN("basic")) ||
	    find(word, SPAN("token=")).len || find(word, SPAN("secret=")).len)
		word = SPAN("***");
	if (b->len > start)
		buf_putc(b, ' ');
	buf_put(b, word.ptr, word.len < WORDS + 1 ? word.len : WORDS + 1);
}

static size_t
word_length(struct span s, bool html)
{
	size_t n = 0;

	while (n < s.len && (unsigned char)s.ptr[n] > ' ' &&
	    s.ptr[n] != 127 && !(html && s.ptr[n] == '<'))
		n++;
	return n;
}

static void
put_text(struct buf *b, struct span s, bool html)
{
	size_t start = b->len;

	while (s.len && b->len - start < WORDS) {
		size_t n = word_length(s, html);

		if (html && s.ptr[0] == '<') {
			s = skip_tag(s);
			continue;
		}
		put_word(b, span_of(s.ptr, n), start);
		s = span_of(s.ptr + n, s.len - n);
		if (s.len && !(html && s.ptr[0] == '<'))
			s = span_of(s.ptr + 1, s.len - 1);
	}
	if (b->len - start <= WORDS)
		return;
	/* not within a character */
	for (b->len = start + WORDS; b->len > start &&
	    (b->ptr[b->len] & 0xc0) == 0x80; b->len--)
		;
	BUF_LIT(b, "...");
}

void
http_words_put(struct buf *b, struct span body)
{
	size_t before = b->len;
	struct span title;

	body = skip_blanks(body);
	if (body.len > LOOKED_AT)
		body.len = LOOKED_AT;
	if (!body.len || body.ptr[0] == '{' || body.ptr[0] == '[')
		return;
	if (body.ptr[0] != '<') {
		put_text(b, body, false);
		return;
	}
	title = skip_past(find(body, SPAN("<title")), SPAN(">"));
	title.len -= find(title, SPAN("</title")).len;
	put_text(b, title, true);
	if (b->len == before)
		put_text(b, body, true);
}
