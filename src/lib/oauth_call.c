/* SPDX-License-Identifier: MIT */
/* oauth: the one place that sends, once: a grant used twice may be void. */
#include "oauth.h"

#include "base64.h"
#include "http.h"
#include "limits.h"
#include "percent.h"
#include "secret.h"

#define CONNECT_MS 10000
#define ANSWER_MS 30000

static struct http_trace *trace;

void
oauth_call_trace(struct http_trace *t)
{
	trace = t;
}

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

/* "https://host:port", before its path. */
static struct span
origin(struct span url)
{
	size_t slashes = 0, i;

	for (i = 0; i < url.len; i++) {
		slashes += url.ptr[i] == '/';
		if (slashes == 3 || url.ptr[i] == '?')
			break;
	}
	return span_of(url.ptr, i);
}

/* Every answer is the caller's. */
static enum http_verdict
take(void *arg, const struct http_answer *a, int64_t *wait, struct err *e)
{
	(void)arg, (void)a, (void)wait, (void)e;
	return HTTP_TAKE;
}

static enum rc
token(void *arg, bool stale, struct buf *out, struct err *e)
{
	const struct oauth_call *c = arg;

	if (stale)
		return err_set(e, RC_REMOTE, "the token is refused");
	buf_span(out, c->bearer);
	return RC_OK;
}

/* The application's own name, as a header; empty when there is none. */
static void
put_basic(struct buf *b, const struct oauth_call *c)
{
	struct buf pair;

	if (!c->user.len)
		return;
	secret_init(&pair, LIMIT_SECRET, "client");
	percent_put(&pair, c->user);
	buf_putc(&pair, ':');
	percent_put(&pair, c->password);
	BUF_LIT(b, "Authorization: Basic ");
	base64_put(b, buf_view(&pair));
	secret_free(&pair);
}

static enum rc
send_with(struct http *h, struct oauth_call *c, struct span path,
    struct err *e)
{
	struct http_request r = {
		.method = c->form.len ? "POST" : "GET", .path = path,
		.body = c->form, .repeat = c->form.len ? HTTP_ONCE :
		HTTP_SAFE, .anonymous = !c->bearer.len, .secret = true,
		.type = c->form.len ? "application/x-www-form-urlencoded" :
		NULL,
	};
	struct http_answer a;
	struct span header;
	struct buf basic;
	enum rc rc;

	secret_init(&basic, 2 * LIMIT_SECRET, "client");
	put_basic(&basic, c);
	header = buf_view(&basic);
	r.headers = &header;
	r.header_count = basic.len != 0;
	http_answer_init(&a);
	rc = http_call(h, &r, &a, e);
	c->status = a.status;
	if (!rc)
		buf_span(&c->body, buf_view(&a.body));
	if (!rc)
		rc = buf_check(&c->body, e) ? RC_REMOTE : RC_OK;
	http_answer_free(&a);
	secret_free(&basic);
	return rc == RC_RETRY ? RC_REMOTE : rc;
}

enum rc
oauth_call_send(struct oauth_call *c, struct err *e)
{
	struct span base = origin(c->url);
	struct http_config config = {
		.token = token, .token_arg = c, .judge = take,
		.connect_ms = CONNECT_MS, .whole_ms = ANSWER_MS,
		.patience_ms = ANSWER_MS,
		.attempts = 1, .concurrent = 1, .trace = trace,
		.budget = c->budget,
	};
	struct http *h = NULL;
	struct buf text;
	enum rc rc;

	buf_reset(&c->body);
	buf_init(&text, LIMIT_SECRET, "address");
	buf_span(&text, base);
	config.base = buf_cstr(&text);
	rc = http_open(&h, &config, e);
	if (!rc)
		rc = send_with(h, c, span_of(c->url.ptr + base.len,
		    c->url.len - base.len), e);
	if (rc)
		err_prefix(e, rc, "%.*s", SPAN_ARG(base));
	http_close(h);
	buf_free(&text);
	return rc;
}
