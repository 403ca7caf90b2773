/* SPDX-License-Identifier: MIT */
/* email: what an address must look like, and its one spelling. */
#include "email.h"

#include "charcase.h"

/* Bytes an unquoted local part may hold (RFC 5322 atext and '.'). */
static bool
is_local(unsigned char c)
{
	return c > 0x7f || (c > ' ' && c < 0x7f &&
	    !strchr("()<>[]:;@\\,\"", c));
}

static bool
is_domain(unsigned char c)
{
	return c > 0x7f || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	    (c >= 'A' && c <= 'Z') || c == '-' || c == '.' || c == '_';
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

static enum rc
check_local(struct span s, struct err *e)
{
	size_t i;

	if (!s.len)
		return err_set(e, RC_RECORD, "has nothing before the @");
	if (s.len > 2 && s.ptr[0] == '"' && s.ptr[s.len - 1] == '"')
		return RC_OK;
	for (i = 0; i < s.len; i++)
		if (!is_local((unsigned char)s.ptr[i]))
			return err_set(e, RC_RECORD, "is not one address"
			    " (a character before the @)");
	return RC_OK;
}

enum rc
email_put(struct buf *b, struct span text, struct err *e)
{
	struct span local, domain;
	size_t at;
	enum rc rc;

	text = charcase_trim(text);
	if (text.len > 7 && charcase_eq(span_of(text.ptr, 7),
	    SPAN("mailto:")))
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
