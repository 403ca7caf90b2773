/* SPDX-License-Identifier: MIT */
/* http_transfer: one attempt at a request, as curl is told of it. */
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "fault.h"
#include "http_private.h"
#include "http_trace.h"
#include "limits.h"
#include "xalloc.h"

/* Kept connections older than this may have been ended at the other side. */
#define IDLE_SECONDS 50L
#define SET(t, option, value) \
	((void)http_curl.easy_setopt((t)->easy, (option), (value)))

/* ---- what curl calls ---- */

static int
on_connected(void *arg, char *peer, char *local, int peer_port,
    int local_port)
{
	struct http_transfer *t = arg;

	(void)peer, (void)local, (void)peer_port, (void)local_port;
	t->sending = true;
	t->moved = clock_monotonic();
	return CURL_PREREQFUNC_OK;
}

static size_t
on_read(char *out, size_t size, size_t count, void *arg)
{
	struct http_transfer *t = arg;
	struct span body = t->req.body;
	size_t n = size * count;

	t->moved = clock_monotonic();
	if (t->req.pull) {
		n = t->req.pull(t->req.pull_arg, out, n);
	} else {
		n = n < body.len - t->sent ? n : body.len - t->sent;
		if (n)
			memcpy(out, body.ptr + t->sent, n);
	}
	t->sent += n;
	return n;
}

/* Only of requests that may be sent twice: curl repeats one by itself when a
 * kept connection ends before an answer. */
static int
on_seek(void *arg, curl_off_t offset, int origin)
{
	struct http_transfer *t = arg;

	if (origin != SEEK_SET || offset < 0 ||
	    (uint64_t)offset > t->req.body.len)
		return CURL_SEEKFUNC_FAIL;
	t->sent = (size_t)offset;
	return CURL_SEEKFUNC_OK;
}

/* Each answer's head begins anew; of several the last one counts. */
static size_t
on_header(char *ptr, size_t size, size_t count, void *arg)
{
	struct http_transfer *t = arg;
	struct buf *head = &t->answer.headers;
	size_t n = size * count, len = n;

	t->heard = true;
	t->moved = clock_monotonic();
	while (len && (ptr[len - 1] == '\n' || ptr[len - 1] == '\r'))
		len--;
	if (len >= 5 && memcmp(ptr, "HTTP/", 5) == 0) {
		buf_reset(head);
		return n;
	}
	if (len) {
		buf_put(head, ptr, len);
		buf_putc(head, '\n');
	}
	t->rc = buf_check(head, &t->e) ? RC_REMOTE : RC_OK;
	return t->rc ? 0 : n;
}

static enum rc
feed(struct http_transfer *t, struct span bytes)
{
	enum rc rc = RC_OK;

	if (!t->fed)
		rc = t->req.sink(t->req.sink_arg, span_of(NULL, 0), &t->e);
	t->fed = true;
	return rc ? rc : t->req.sink(t->req.sink_arg, bytes, &t->e);
}

static size_t
on_body(char *ptr, size_t size, size_t count, void *arg)
{
	struct http_transfer *t = arg;
	long status = 0;

	t->moved = clock_monotonic();
	http_curl.easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
	if (t->req.sink && status >= 200 && status < 300) {
		t->rc = feed(t, span_of(ptr, size * count));
	} else {
		buf_put(&t->answer.body, ptr, size * count);
		t->rc = buf_check(&t->answer.body, &t->e) ? RC_REMOTE : RC_OK;
	}
	return t->rc ? 0 : size * count;
}

/* ---- what curl is told ---- */

static void
set_callbacks(struct http_transfer *t)
{
	SET(t, CURLOPT_PRIVATE, t);
	SET(t, CURLOPT_ERRORBUFFER, t->text);
	SET(t, CURLOPT_PREREQFUNCTION, on_connected);
	SET(t, CURLOPT_PREREQDATA, t);
	SET(t, CURLOPT_HEADERFUNCTION, on_header);
	SET(t, CURLOPT_HEADERDATA, t);
	SET(t, CURLOPT_WRITEFUNCTION, on_body);
	SET(t, CURLOPT_WRITEDATA, t);
}

static void
set_body(struct http_transfer *t)
{
	const struct http_request *r = &t->req;
	bool has_body = r->pull || r->body.len;

	SET(t, CURLOPT_CUSTOMREQUEST, r->method);
	if (strcmp(r->method, "HEAD") == 0)
		SET(t, CURLOPT_NOBODY, 1L);
	if (has_body || strcmp(r->method, "POST") == 0) {
		SET(t, CURLOPT_POST, 1L);
		SET(t, CURLOPT_POSTFIELDSIZE_LARGE, r->pull ?
		    (curl_off_t)r->size : (curl_off_t)r->body.len);
	}
	SET(t, CURLOPT_READFUNCTION, on_read);
	SET(t, CURLOPT_READDATA, t);
	if (!r->pull && r->repeat != HTTP_ONCE) {
		SET(t, CURLOPT_SEEKFUNCTION, on_seek);
		SET(t, CURLOPT_SEEKDATA, t);
	} else if (!has_body) {
		/* no body whose rewinding fails holds curl back */
		SET(t, CURLOPT_FRESH_CONNECT, 1L);
	}
}

static void
set_protocols(struct http_transfer *t)
{
#if LIBCURL_VERSION_NUM >= 0x075500
	SET(t, CURLOPT_PROTOCOLS_STR, "http,https");
#else
	SET(t, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
	SET(t, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
	SET(t, CURLOPT_PIPEWAIT, 1L);
	SET(t, CURLOPT_FOLLOWLOCATION, 0L);
	SET(t, CURLOPT_ACCEPT_ENCODING, "gzip");
	SET(t, CURLOPT_SSL_VERIFYPEER, 1L);
	SET(t, CURLOPT_SSL_VERIFYHOST, 2L);
	SET(t, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
}

static void
set_connection(struct http_transfer *t, bool loopback)
{
	const struct http_config *c = &t->http->config;

	SET(t, CURLOPT_NOSIGNAL, 1L);
	SET(t, CURLOPT_CONNECTTIMEOUT_MS, (long)c->connect_ms);
	SET(t, CURLOPT_TIMEOUT_MS, (long)c->whole_ms);
	SET(t, CURLOPT_MAXAGE_CONN, IDLE_SECONDS);
	SET(t, CURLOPT_TCP_KEEPALIVE, 1L);
	SET(t, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	SET(t, CURLOPT_PATH_AS_IS, 1L);
	SET(t, CURLOPT_USERAGENT, c->agent);
	if (loopback)
		SET(t, CURLOPT_PROXY, "");
	else if (c->proxy)
		SET(t, CURLOPT_PROXY, c->proxy);
	if (c->ca_file)
		SET(t, CURLOPT_CAINFO, c->ca_file);
}

/* ---- where to ---- */

static enum rc
make_url(struct http_transfer *t, struct err *e)
{
	const struct http_config *c = &t->http->config;
	struct span path = t->req.path;

	buf_init(&t->url, LIMIT_URL, "web address");
	if (!http_origin_absolute(path)) {
		if (!path.len || path.ptr[0] != '/')
			return err_set(e, RC_CONFIG, "the path of a request "
			    "does not begin with /");
		buf_span(&t->url, span_str(c->base));
	}
	buf_span(&t->url, path);
	return buf_check(&t->url, e) ? RC_CONFIG : RC_OK;
}

/* The only way out: who may be spoken to is decided here. */
static enum rc
check_url(struct http_transfer *t, struct http_origin *o, struct err *e)
{
	if (!http_origin_parse(buf_view(&t->url), o))
		return err_set(e, RC_CONFIG, "not an http address: %.*s",
		    t->req.secret ? 0 : (int)t->url.len, t->url.ptr);
	if (!http_origin_private(o))
		return err_set(e, RC_CONFIG, "%.*s: plain http would be read "
		    "by others; use https", SPAN_ARG(o->host));
	if (!t->req.anonymous && !http_origin_same(o, &t->http->origin))
		return err_set(e, RC_REMOTE, "an address leads to another "
		    "host, %.*s: it does not get the token",
		    SPAN_ARG(o->host));
	return RC_OK;
}

static void
trace(struct http_transfer *t)
{
	struct http_trace *log = t->http->config.trace;
	struct http_trace_asked asked = { .method = t->req.method,
		.url = buf_view(&t->url), .type = span_str(t->req.type),
		.body = t->req.body, .secret = t->req.secret };

	t->number = http_trace_ask(log, &asked);
	for (struct curl_slist *l = t->lines; log && l; l = l->next) {
		struct span line = span_str(l->data);

		if (line.len && line.ptr[line.len - 1] != ':')
			http_trace_line(log, t->number, line);
	}
}

static CURL *
take_easy(struct http *h)
{
	CURL *easy = h->idle_count ? h->idle[--h->idle_count] :
	    http_curl.easy_init();

	if (!easy)
		xalloc_fail();
	return easy;
}

static void
reset_attempt(struct http_transfer *t)
{
	t->expired = NULL;
	t->text[0] = '\0';
	t->sent = 0;
	t->sending = t->heard = t->fed = false;
	t->started = t->moved = clock_monotonic();
	t->rc = RC_OK;
	t->answer.status = 0;
	t->answer.date = 0;
	t->answer.retry_after = -1;
	t->answer.attempts++;
	buf_reset(&t->answer.headers);
	buf_reset(&t->answer.body);
}

enum rc
http_transfer_begin(struct http_transfer *t, struct err *e)
{
	struct http_origin o; /* points into t->url, which may move later */
	bool loopback = false;
	enum rc rc = t->url.len ? RC_OK : make_url(t, e);

	if (!rc)
		rc = check_url(t, &o, e);
	if (!rc)
		loopback = http_origin_loopback(&o);
	if (!rc)
		rc = http_lines_make(t, e);
	if (rc) {
		http_lines_wipe(t);
		return rc;
	}
	reset_attempt(t);
	trace(t);
	t->easy = take_easy(t->http);
	SET(t, CURLOPT_URL, buf_cstr(&t->url));
	SET(t, CURLOPT_HTTPHEADER, t->lines);
	set_callbacks(t);
	set_body(t);
	set_protocols(t);
	set_connection(t, loopback);
	fault_step("send a request");
	if (http_curl.multi_add_handle(t->http->multi, t->easy))
		return err_set(e, RC_SYSTEM, "curl takes no more transfers");
	t->stage = HTTP_FLYING;
	t->http->flying++;
	return RC_OK;
}

void
http_transfer_end(struct http_transfer *t)
{
	struct http *h = t->http;

	if (t->stage == HTTP_FLYING) {
		http_curl.multi_remove_handle(h->multi, t->easy);
		h->flying--;
		t->stage = HTTP_OVER;
	}
	if (t->easy) {
		http_curl.easy_reset(t->easy);
		if (h->idle_count < h->config.concurrent)
			h->idle[h->idle_count++] = t->easy;
		else
			http_curl.easy_cleanup(t->easy);
	}
	t->easy = NULL;
	http_lines_wipe(t);
}

/* ---- the time-outs curl has not ---- */

int64_t
http_transfer_deadline(const struct http_transfer *t)
{
	const struct http_config *c = &t->http->config;

	if (!t->sending) /* curl's own: connecting */
		return INT64_MAX;
	return t->moved + (t->heard ? c->stall_ms : c->first_ms);
}

const char *
http_transfer_expired(const struct http_transfer *t, int64_t now)
{
	if (!t->sending || now < http_transfer_deadline(t))
		return NULL;
	return t->heard ? "the answer stalled" : "no answer in time";
}

void
http_transfer_free(struct http_transfer *t)
{
	http_transfer_end(t);
	buf_free(&t->url);
	http_answer_free(&t->answer);
	free(t);
}
