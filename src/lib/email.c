/* SPDX-License-Identifier: MIT */
/* email: what an address must look like, and its one spelling. */
#include "email.h"

#include "charcase.h"

/* What a byte may be part of. */
enum { LOCAL = 1, DOMAIN = 2 };

#define ASCII(c) [c] = LOCAL | DOMAIN
#define LETTERS(a) ASCII(a), ASCII((a) + 1), ASCII((a) + 2), ASCII((a) + 3), \
	ASCII((a) + 4), ASCII((a) + 5), ASCII((a) + 6), ASCII((a) + 7), \
	ASCII((a) + 8), ASCII((a) + 9), ASCII((a) + 10), ASCII((a) + 11), \
	ASCII((a) + 12)

/* RFC 5322 atext and '.' before the @, letters of a host name after it. */
static const unsigned char class[128] = {
	LETTERS('a'), LETTERS('n'), LETTERS('A'), LETTERS('N'),
	ASCII('0'), ASCII('1'), ASCII('2'), ASCII('3'), ASCII('4'),
	ASCII('5'), ASCII('6'), ASCII('7'), ASCII('8'), ASCII('9'),
	ASCII('-'), ASCII('.'), ASCII('_'),
	['!'] = LOCAL, ['#'] = LOCAL, ['$'] = LOCAL, ['%'] = LOCAL,
	['&'] = LOCAL, ['\''] = LOCAL, ['*'] = LOCAL, ['+'] = LOCAL,
	['/'] = LOCAL, ['='] = LOCAL, ['?'] = LOCAL, ['^'] = LOCAL,
	['`'] = LOCAL, ['{'] = LOCAL, ['|'] = LOCAL, ['}'] = LOCAL,
	['~'] = LOCAL,
};

/* Anything beyond ASCII may stand on both sides (RFC 6531). */
static bool
is_local(unsigned char c)
{
	return c > 0x7f || (class[c] & LOCAL);
}

static bool
is_domain(unsigned char c)
{
	return c > 0x7f || (class[c] & DOMAIN);
}

static enum rc
check_domain(struct span s, struct err *e)
{
	size_t i;

	if (!s.len || s.len > 255)
		return err_set(e, RC_RECORD, "has no domain");
	for (i = 0; i < s.len; i++) {
		if (!is_domain((unsigned char)s.ptr[i]))
			return err_set(e, RC_RECORD, "has a domain with a"
			    " character that cannot be there");
		if (s.ptr[i] == '.' && (i == 0 || i + 1 == s.len ||
		    s.ptr[i - 1] == '.'))
			return err_set(e, RC_RECORD, "has a domain with an"
			    " empty part");
	}
	return RC_OK;
}

/* What stands in quotes: no controls; quote and backslash behind one. */
static enum rc
check_quoted(struct span s, struct err *e)
{
	size_t i;

	for (i = 0; i < s.len; i++) {
		if (s.ptr[i] == '\\' && i + 1 < s.len)
			i++;
		else if (s.ptr[i] == '\\' || s.ptr[i] == '"')
			break;
		if ((unsigned char)s.ptr[i] < ' ' || s.ptr[i] == 0x7f)
			break;
	}
	return i == s.len ? RC_OK : err_set(e, RC_RECORD, "is not one address"
	    " (a character in the quotes before the @)");
}

static enum rc
check_local(struct span s, struct err *e)
{
	size_t i;

	if (!s.len)
		return err_set(e, RC_RECORD, "has nothing before the @");
	if (s.len > 2 && s.ptr[0] == '"' && s.ptr[s.len - 1] == '"')
		return check_quoted(span_of(s.ptr + 1, s.len - 2), e);
	for (i = 0; i < s.len; i++)
		if (!is_local((unsigned char)s.ptr[i]))
			return err_set(e, RC_RECORD, "is not one address"
			    " (a character before the @)");
	return RC_OK;
}

/*
 * An ASCII address without anything odd, as nearly all are: checked and
 * lowered in one go.  False, with nothing appended, for all others, which
 * need a second look or a reason.
 */
static bool
put_usual(struct buf *b, struct span text)
{
	size_t i, at = 0, dot = 0;
	unsigned char c;
	char *to;

	if (text.len > 255 || !buf_reserve(b, text.len))
		return false;
	to = b->ptr + b->len;
	for (i = 0; i < text.len; i++) {
		c = (unsigned char)text.ptr[i];
		to[i] = (char)(c | ((c >= 'A' && c <= 'Z') << 5));
		if (c == '@') {
			if (at || i == 0)
				return false;
			at = dot = i;
		} else if (c > 0x7f || !(class[c] & (at ? DOMAIN : LOCAL))) {
			return false;
		} else if (c == '.' && at) {
			if (dot == i - 1)
				return false;
			dot = i;
		}
	}
	if (!at || dot == text.len - 1)
		return false;
	b->len += text.len;
	return true;
}

enum rc
email_put(struct buf *b, struct span text, struct err *e)
{
	struct span local, domain;
	size_t at;
	enum rc rc;

	text = charcase_trim(text);
	if (put_usual(b, text))
		return RC_OK;
	if (text.len > 7 && text.ptr[6] == ':' &&
	    charcase_eq(span_of(text.ptr, 7), SPAN("mailto:")))
		text = span_of(text.ptr + 7, text.len - 7);
	for (at = text.len; at > 0 && text.ptr[at - 1] != '@'; at--)
		;
	if (!at)
		return err_set(e, RC_RECORD, "has no @");
	local = span_of(text.ptr, at - 1);
	domain = span_of(text.ptr + at, text.len - at);
	rc = check_local(local, e);
	if (!rc)
		rc = check_domain(domain, e);
	if (!rc)
		charcase_lower(b, text);
	return rc;
}
