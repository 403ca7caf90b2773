/* SPDX-License-Identifier: MIT */
/* oauth: proofs, forms and addresses. */
#include "oauth.h"

#include <openssl/sha.h>

#include "base64.h"
#include "http_origin.h"
#include "percent.h"
#include "secret.h"
#include "xalloc.h"

void
oauth_base64url(struct buf *b, struct span bytes)
{
	size_t from = b->len;

	base64_put(b, bytes);
	for (size_t i = from; i < b->len; i++) {
		char *c = &b->ptr[i];

		*c = *c == '+' ? '-' : *c == '/' ? '_' : *c;
	}
	while (b->len > from && b->ptr[b->len - 1] == '=')
		b->len--;
}

static void
put_proof(const unsigned char bytes[32], char out[OAUTH_PROOF + 1])
{
	struct buf b;

	secret_init(&b, 64, "proof");
	oauth_base64url(&b, span_of((const char *)bytes, 32));
	memcpy(out, b.ptr, OAUTH_PROOF);
	out[OAUTH_PROOF] = '\0';
	secret_free(&b);
}

enum rc
oauth_random(char out[OAUTH_PROOF + 1], struct err *e)
{
	unsigned char bytes[32];
	enum rc rc = secret_random(bytes, sizeof bytes, e);

	out[0] = '\0';
	if (!rc)
		put_proof(bytes, out);
	secret_wipe(span_of((char *)bytes, sizeof bytes));
	return rc;
}

void
oauth_challenge(struct span verifier, char out[OAUTH_PROOF + 1])
{
	unsigned char digest[SHA256_DIGEST_LENGTH];

	if (!SHA256((const unsigned char *)verifier.ptr, verifier.len,
	    digest))
		xalloc_fail();
	put_proof(digest, out);
}

void
oauth_put(struct buf *b, const char *name, struct span value)
{
	if (!value.len)
		return;
	if (b->len && b->ptr[b->len - 1] != '?')
		buf_putc(b, '&');
	buf_span(b, span_str(name));
	buf_putc(b, '=');
	percent_put(b, value);
}

static int
hex_digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ?
	    c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool
take_percent(struct buf *out, struct span s)
{
	for (size_t i = 0; i < s.len; i++) {
		int high, low;

		if (s.ptr[i] != '%') {
			buf_putc(out, s.ptr[i] == '+' ? ' ' : s.ptr[i]);
			continue;
		}
		if (s.len - i < 3)
			return false;
		high = hex_digit(s.ptr[i + 1]);
		low = hex_digit(s.ptr[i + 2]);
		if (high < 0 || low < 0)
			return false;
		buf_putc(out, (char)(high << 4 | low));
		i += 2;
	}
	return !out->over;
}

bool
oauth_take(struct span form, const char *name, struct buf *out)
{
	struct span wanted = span_str(name);

	while (form.len) {
		struct span value = span_cut(&form, '&');
		size_t len = value.len;
		struct span key = span_cut(&value, '=');

		if (key.len < len && span_eq(key, wanted))
			return take_percent(out, value);
	}
	return false;
}

enum rc
oauth_check_url(struct span url, struct err *e)
{
	struct http_origin o;

	if (!http_origin_parse(url, &o) || memchr(url.ptr, '?', url.len))
		return err_set(e, RC_CONFIG, "is no web address "
		    "https://HOST[:PORT][/PATH]");
	if (!http_origin_private(&o))
		return err_set(e, RC_CONFIG, "must be https: a token sent in "
		    "the clear is everybody's");
	return RC_OK;
}
