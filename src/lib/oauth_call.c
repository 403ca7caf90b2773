/* SPDX-License-Identifier: MIT */
/* oauth: the one place that sends. */
#include "oauth.h"

#include <curl/curl.h>

#include "limits.h"
#include "secret.h"

#define CONNECT_MS 10000L
#define ANSWER_MS 30000L

void
oauth_call_init(struct oauth_call *c)
{
	*c = (struct oauth_call){ .status = 0 };
	secret_init(&c->body, LIMIT_OAUTH_BODY, "answer");
}

void
oauth_call_free(struct oauth_call *c)
{
	secret_free(&c->body);
}

static size_t
receive(char *bytes, size_t one, size_t n, void *arg)
{
	struct buf *body = arg;

	buf_put(body, bytes, one * n);
	return body->over ? 0 : one * n;
}

/* Everything that is curl's, wiped or freed by whoever called. */
struct transfer {
	CURL *curl;
	struct buf url, bearer, basic;
	char why[CURL_ERROR_SIZE];
};

static void
transfer_init(struct transfer *t, const struct oauth_call *c)
{
	t->curl = curl_easy_init();
	t->why[0] = '\0';
	secret_init(&t->url, LIMIT_SECRET, "address");
	secret_init(&t->bearer, LIMIT_SECRET, "token");
	secret_init(&t->basic, LIMIT_SECRET, "client");
	buf_span(&t->url, c->url);
	buf_span(&t->bearer, c->bearer);
	if (c->user.len)
		buf_printf(&t->basic, "%.*s:%.*s", SPAN_ARG(c->user),
		    SPAN_ARG(c->password));
}

static void
transfer_free(struct transfer *t)
{
	curl_easy_cleanup(t->curl);
	secret_free(&t->url);
	secret_free(&t->bearer);
	secret_free(&t->basic);
}

/* The token goes to this address only: no redirect is followed. */
static void
prepare(struct transfer *t, struct oauth_call *c)
{
	CURL *h = t->curl;

	curl_easy_setopt(h, CURLOPT_URL, buf_cstr(&t->url));
	curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(h, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(h, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS);
	curl_easy_setopt(h, CURLOPT_TIMEOUT_MS, ANSWER_MS);
	curl_easy_setopt(h, CURLOPT_USERAGENT, "crm/" CRM_VERSION);
	curl_easy_setopt(h, CURLOPT_ERRORBUFFER, t->why);
	curl_easy_setopt(h, CURLOPT_WRITEFUNCTION, receive);
	curl_easy_setopt(h, CURLOPT_WRITEDATA, &c->body);
	if (c->form.len) {
		curl_easy_setopt(h, CURLOPT_POSTFIELDS, c->form.ptr);
		curl_easy_setopt(h, CURLOPT_POSTFIELDSIZE, (long)c->form.len);
	}
	if (c->bearer.len) {
		curl_easy_setopt(h, CURLOPT_HTTPAUTH, CURLAUTH_BEARER);
		curl_easy_setopt(h, CURLOPT_XOAUTH2_BEARER,
		    buf_cstr(&t->bearer));
	} else if (c->user.len) {
		curl_easy_setopt(h, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
		curl_easy_setopt(h, CURLOPT_USERPWD, buf_cstr(&t->basic));
	}
}

/* All but the query. */
static struct span
address(struct span url)
{
	const char *query = url.len ? memchr(url.ptr, '?', url.len) : NULL;

	return query ? span_of(url.ptr, (size_t)(query - url.ptr)) : url;
}

enum rc
oauth_call_send(struct oauth_call *c, struct err *e)
{
	struct transfer t;
	enum rc rc = oauth_check_url(address(c->url), e);
	CURLcode code;

	if (rc)
		return err_prefix(e, rc, "%.*s", SPAN_ARG(address(
		    c->url)));
	buf_reset(&c->body);
	transfer_init(&t, c);
	if (!t.curl || t.url.over || t.bearer.over || t.basic.over) {
		transfer_free(&t);
		return err_set(e, RC_SYSTEM, "no request could be made");
	}
	prepare(&t, c);
	code = curl_easy_perform(t.curl);
	curl_easy_getinfo(t.curl, CURLINFO_RESPONSE_CODE, &c->status);
	if (code != CURLE_OK)
		rc = err_set(e, RC_REMOTE, "%.*s: %s", SPAN_ARG(address(
		    c->url)), c->body.over ? "the answer is too long" :
		    curl_easy_strerror(code));
	transfer_free(&t);
	return rc;
}
