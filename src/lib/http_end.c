/* SPDX-License-Identifier: MIT */
/* http_end: an attempt has ended; what now? */
#include <string.h>

#include "clock.h"
#include "http_date.h"
#include "http_private.h"
#include "http_trace.h"
#include "http_words.h"
#include "limits.h"
#include "run.h"
#include "xalloc.h"

void
http_end_with(struct http_transfer *t, enum rc rc, const struct err *e)
{
	if (rc && t->maybe_done)
		t->answer.outcome = HTTP_UNKNOWN;
	t->rc = rc;
	if (e != &t->e)
		t->e = *e;
	t->stage = HTTP_OVER;
}

static void
again_at(struct http_transfer *t, int64_t due)
{
	t->due = due;
	t->stage = HTTP_WAITING;
}

/* A body that was read from a stream is gone. */
static bool
may_repeat(const struct http_transfer *t, bool surely_not_done)
{
	if (t->req.pull && t->sent)
		return false;
	return surely_not_done || t->req.repeat != HTTP_ONCE;
}

/* Waits for another attempt, or gives up with rc and what e says. */
static void
again_or(struct http_transfer *t, bool surely_not_done, int64_t wait,
    enum rc rc, const struct err *e)
{
	struct http *h = t->http;
	const struct http_config *c = &h->config;
	int64_t now = clock_monotonic();
	int64_t spread = http_backoff_wait(&h->backoff, wait < 0 ?
	    t->answer.attempts : 1);

	/* what everybody waits for is not begun by all at one moment */
	wait = wait < 0 ? spread : wait + spread;
	if (!may_repeat(t, surely_not_done) || run_stopping() ||
	    t->answer.attempts >= c->attempts ||
	    now + wait - t->submitted > c->patience_ms)
		http_end_with(t, rc, e);
	else
		again_at(t, now + wait);
}

/* ---- no whole answer ---- */

static bool
is_untrusted(CURLcode code)
{
	return code == CURLE_PEER_FAILED_VERIFICATION ||
	    code == CURLE_SSL_ISSUER_ERROR ||
	    code == CURLE_SSL_CACERT_BADFILE ||
	    code == CURLE_SSL_PINNEDPUBKEYNOTMATCH;
}

static void
describe(struct http_transfer *t, CURLcode code, struct err *e)
{
	const char *why = t->expired;

	if (!why && code == CURLE_OPERATION_TIMEDOUT && !t->sending)
		why = "connecting took too long";
	else if (!why && code == CURLE_OPERATION_TIMEDOUT)
		why = "it took too long";
	else if (!why && code == CURLE_SEND_FAIL_REWIND)
		why = "the connection ended before an answer";
	else if (!why)
		why = t->text[0] ? t->text : http_curl.easy_strerror(code);
	err_set(e, RC_RETRY, "%.*s: %s%s", SPAN_ARG(t->http->origin.host), why,
	    t->answer.outcome == HTTP_UNKNOWN && t->req.repeat != HTTP_SAFE ?
	    "; whether it was done is unknown" : "");
}

static void
end_broken(struct http_transfer *t, CURLcode code)
{
	bool unsent = t->answer.outcome == HTTP_UNSENT;
	struct err e;

	if (code == CURLE_OUT_OF_MEMORY)
		xalloc_fail();
	describe(t, code, &e);
	http_trace_end(t->http->config.trace, t->number, &t->answer,
	    t->req.secret, t->rc ? t->e.text : e.text);
	if (t->rc) { /* ours: a sink's or a ceiling's */
		http_end_with(t, t->rc, &t->e);
		return;
	}
	t->maybe_done |= !unsent;
	http_allow_went(t, false);
	if (is_untrusted(code))
		http_end_with(t, code == CURLE_SSL_CACERT_BADFILE ?
		    RC_CONFIG : RC_REMOTE, &e);
	else
		again_or(t, unsent, -1, unsent ? RC_REMOTE : RC_RETRY, &e);
}

/* ---- an answer ---- */

static bool
is_redirect(int status)
{
	return status == 301 || status == 302 || status == 303 ||
	    status == 307 || status == 308;
}

/* Within the origin only; what is not followed goes to the judge. */
static bool
follow(struct http_transfer *t)
{
	struct http_origin from, to;
	struct buf url;
	bool follows;

	if (!is_redirect(t->answer.status) || strcmp(t->req.method, "GET") ||
	    t->redirects >= HTTP_REDIRECTS)
		return false;
	buf_init(&url, LIMIT_URL, "web address");
	follows = http_origin_resolve(&url, buf_view(&t->url),
	    http_answer_header(&t->answer, SPAN("location"))) &&
	    http_origin_parse(buf_view(&t->url), &from) &&
	    http_origin_parse(buf_view(&url), &to) &&
	    http_origin_same(&from, &to);
	if (!follows) {
		buf_free(&url);
		return false;
	}
	buf_free(&t->url);
	t->url = url;
	t->redirects++;
	t->answer.attempts--;
	again_at(t, clock_monotonic());
	return true;
}

static void
read_times(struct http_answer *a)
{
	struct span retry = http_answer_header(a, SPAN("retry-after"));

	if (!http_date_parse(http_answer_header(a, SPAN("date")), &a->date))
		a->date = 0;
	a->retry_after = http_date_retry_after(retry, a->date ? a->date :
	    clock_now());
}

static void
say_status(const struct http_transfer *t, struct err *e)
{
	const struct http_answer *a = &t->answer;
	struct buf words;

	buf_init(&words, ERR_TEXT, "words");
	if (a->status >= 300 && !t->req.secret)
		http_words_put(&words, buf_view(&a->body));
	err_set(e, RC_OK, "HTTP %d%s%.*s", a->status, words.len ? ": " : "",
	    (int)words.len, words.ptr ? words.ptr : "");
	buf_free(&words);
}

/* Once more with another token; a second refusal is the end. */
static void
end_refused(struct http_transfer *t, const struct err *e)
{
	if (!t->http->config.token || t->req.anonymous) {
		http_end_with(t, RC_OK, e);
	} else if (t->renewed || !may_repeat(t, true) || run_stopping()) {
		http_end_with(t, RC_REMOTE, e);
	} else {
		t->renewed = t->stale = true;
		again_at(t, clock_monotonic());
	}
}

static void
end_answered(struct http_transfer *t)
{
	const struct http_config *c = &t->http->config;
	http_judge *judge = t->req.judge ? t->req.judge : c->judge;
	void *arg = t->req.judge ? t->req.judge_arg : c->judge_arg;
	struct http_answer *a = &t->answer;
	enum http_verdict verdict;
	int64_t wait;
	struct err e;

	read_times(a);
	http_trace_end(c->trace, t->number, a, t->req.secret, NULL);
	if (follow(t))
		return;
	say_status(t, &e);
	wait = a->retry_after;
	verdict = judge(arg, a, &wait, &e);
	if (verdict != HTTP_NOT_DONE)
		http_allow_went(t, verdict == HTTP_TAKE ||
		    verdict == HTTP_AUTH);
	http_allow_told(t, verdict == HTTP_NOT_DONE ? wait : 0);
	switch (verdict) {
	case HTTP_TAKE:
		http_end_with(t, RC_OK, &e);
		break;
	case HTTP_NOT_DONE:
		again_or(t, true, wait, RC_RETRY, &e);
		break;
	case HTTP_FAILED:
		t->maybe_done = true;
		again_or(t, false, wait, RC_RETRY, &e);
		break;
	case HTTP_DOWN:
		http_end_with(t, RC_REMOTE, &e);
		break;
	case HTTP_AUTH:
		end_refused(t, &e);
		break;
	}
}

void
http_end_attempt(struct http_transfer *t, CURLcode code)
{
	long status = 0, asked = 0, connects = 0;

	http_curl.easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
	http_curl.easy_getinfo(t->easy, CURLINFO_REQUEST_SIZE, &asked);
	http_curl.easy_getinfo(t->easy, CURLINFO_NUM_CONNECTS, &connects);
	t->http->connections += (uint64_t)connects;
	t->answer.status = (int)status;
	t->answer.took = clock_monotonic() - t->started;
	if (code == CURLE_OK && status >= 200)
		t->answer.outcome = HTTP_ANSWERED;
	else if (t->sending && asked > 0)
		t->answer.outcome = HTTP_UNKNOWN;
	else
		t->answer.outcome = HTTP_UNSENT;
	http_transfer_end(t);
	if (t->answer.outcome == HTTP_ANSWERED)
		end_answered(t);
	else
		end_broken(t, code);
}
