/* SPDX-License-Identifier: MIT */
/* http_lines: the headers of a request, the token among them. */
#include <openssl/crypto.h>
#include <string.h>

#include "hash.h"
#include "http_private.h"
#include "limits.h"
#include "xalloc.h"

/* What would begin another line could forge a header. */
static bool
is_clean(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.ptr[i] < ' ' || s.ptr[i] == 127)
			return false;
	return true;
}

static void
append(struct http_transfer *t, const char *line)
{
	struct curl_slist *lines = http_curl.slist_append(t->lines, line);

	if (!lines)
		xalloc_fail();
	t->lines = lines;
}

static enum rc
add(struct http_transfer *t, struct buf *b, struct span name,
    struct span value, struct err *e)
{
	if (!is_clean(name) || !is_clean(value))
		return err_set(e, RC_CONFIG, "a header of the request has "
		    "control characters");
	buf_reset(b);
	buf_span(b, name);
	buf_span(b, value);
	append(t, buf_cstr(b));
	return buf_check(b, e) ? RC_CONFIG : RC_OK;
}

static enum rc
add_token(struct http_transfer *t, struct buf *line, struct err *e)
{
	const struct http_config *c = &t->http->config;
	/* refused to several at a time, another has had it renewed by now */
	bool stale = t->stale && t->bearer == t->http->bearer;
	struct buf token;
	enum rc rc;

	buf_init(&token, LIMIT_TOKEN, "token");
	if (!buf_reserve(&token, LIMIT_TOKEN)) /* never moved: wiped whole */
		xalloc_fail();
	rc = c->token(c->token_arg, stale, &token, e);
	t->stale = false;
	if (!rc && !token.len)
		rc = err_set(e, RC_CONFIG, "the token is empty");
	if (!rc)
		rc = add(t, line, SPAN("Authorization: Bearer "),
		    buf_view(&token), e);
	if (!rc)
		t->bearer = t->http->bearer = hash64(buf_view(&token), 0);
	OPENSSL_cleanse(token.ptr, token.room);
	buf_free(&token);
	return rc;
}

enum rc
http_lines_make(struct http_transfer *t, struct err *e)
{
	const struct http_request *r = &t->req;
	struct buf line;
	enum rc rc = RC_OK;

	buf_init(&line, LIMIT_TOKEN + 64, "header");
	if (!buf_reserve(&line, LIMIT_TOKEN + 64))
		xalloc_fail();
	/* no waiting for leave to send a body, no type curl makes up */
	append(t, "Expect:");
	rc = r->type ? add(t, &line, SPAN("Content-Type: "),
	    span_str(r->type), e) : add(t, &line, SPAN("Content-Type:"),
	    SPAN(""), e);
	if (!rc && r->pull && r->size < 0)
		append(t, "Transfer-Encoding: chunked");
	for (size_t i = 0; !rc && i < r->header_count; i++)
		rc = add(t, &line, r->headers[i], SPAN(""), e);
	if (!rc && t->http->config.token && !r->anonymous)
		rc = add_token(t, &line, e);
	OPENSSL_cleanse(line.ptr, line.room);
	buf_free(&line);
	return rc;
}

void
http_lines_wipe(struct http_transfer *t)
{
	for (struct curl_slist *l = t->lines; l; l = l->next)
		OPENSSL_cleanse(l->data, strlen(l->data));
	http_curl.slist_free_all(t->lines);
	t->lines = NULL;
}
