/* SPDX-License-Identifier: MIT */
#include "http.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "fault.h"
#include "http_private.h"
#include "limits.h"
#include "run.h"
#include "xalloc.h"

#define POLL_MS 500 /* how soon a signal is seen */

/* ---- open, close ---- */

static char *
dup_or_null(const char *s)
{
	return s ? xstrdup(s) : NULL;
}

static void
set_default(unsigned *value, unsigned otherwise)
{
	if (!*value)
		*value = otherwise;
}

/* Whom this machine does not trust, and we do: a company's own proxy. */
static const char *
own_ca(void)
{
	static const char *const names[] = { "CRM_CA_FILE", "SSL_CERT_FILE" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *path = getenv(names[i]);

		if (path && *path)
			return path;
	}
	return NULL;
}

static void
copy_config(struct http_config *c, const struct http_config *from)
{
	*c = *from;
	c->base = xstrdup(from->base);
	c->agent = xstrdup(from->agent ? from->agent : "crm/" CRM_VERSION);
	c->proxy = dup_or_null(from->proxy);
	c->ca_file = dup_or_null(from->ca_file ? from->ca_file : own_ca());
	if (!c->judge)
		c->judge = http_judge_status;
	set_default(&c->concurrent, HTTP_CONCURRENT);
	set_default(&c->connect_ms, HTTP_CONNECT_MS);
	set_default(&c->first_ms, HTTP_FIRST_MS);
	set_default(&c->stall_ms, HTTP_STALL_MS);
	set_default(&c->whole_ms, HTTP_WHOLE_MS);
	set_default(&c->patience_ms, HTTP_PATIENCE_MS);
	set_default(&c->attempts, HTTP_ATTEMPTS);
	set_default(&c->backoff_ms, HTTP_BACKOFF_MS);
}

static enum rc
read_base(struct http *h, struct err *e)
{
	char *base = (char *)h->config.base;
	size_t len = strlen(base);
	/* where a password stands, nothing is repeated */
	const char *shown = strchr(base, '@') ? "***" : base;

	while (len && base[len - 1] == '/')
		base[--len] = '\0';
	if (len > LIMIT_URL / 2 || !http_origin_parse(span_str(base),
	    &h->origin) || memchr(base, '?', len))
		return err_set(e, RC_CONFIG, "\"%s\" is no address of a "
		    "server: https://HOST[:PORT][/PATH]", shown);
	if (!http_origin_private(&h->origin))
		return err_set(e, RC_CONFIG, "\"%s\": plain http would be "
		    "read by others; use https", shown);
	return RC_OK;
}

enum rc
http_open(struct http **out, const struct http_config *config, struct err *e)
{
	struct http *h;
	enum rc rc;

	*out = NULL;
	rc = http_curl_load(e);
	if (rc)
		return rc;
	if (http_curl.global_init(CURL_GLOBAL_DEFAULT))
		return err_set(e, RC_SYSTEM, "curl cannot be started");
	h = xcalloc(1, sizeof *h);
	h->last = &h->first;
	copy_config(&h->config, config);
	h->idle = xcalloc(h->config.concurrent, sizeof *h->idle);
	http_backoff_init(&h->backoff, h->config.backoff_ms,
	    HTTP_BACKOFF_CAP_MS);
	h->multi = http_curl.multi_init();
	if (!h->multi)
		xalloc_fail();
	http_curl.multi_setopt(h->multi, CURLMOPT_MAXCONNECTS,
	    (long)h->config.concurrent);
	rc = read_base(h, e);
	if (rc)
		http_close(h);
	else
		*out = h;
	return rc;
}

void
http_close(struct http *h)
{
	struct http_transfer *next;

	if (!h)
		return;
	for (struct http_transfer *t = h->first; t; t = next) {
		next = t->next;
		http_transfer_free(t);
	}
	while (h->idle_count)
		http_curl.easy_cleanup(h->idle[--h->idle_count]);
	http_curl.multi_cleanup(h->multi);
	free(h->idle);
	free((char *)h->config.base);
	free((char *)h->config.agent);
	free((char *)h->config.proxy);
	free((char *)h->config.ca_file);
	free(h);
	http_curl.global_cleanup();
}

void
http_count(struct http *h, struct budget *b)
{
	h->config.budget = b;
}

/* ---- the queue ---- */

static struct http_transfer *
append(struct http *h, const struct http_request *r, http_done *done,
    void *arg)
{
	struct http_transfer *t = xcalloc(1, sizeof *t);

	t->http = h;
	t->req = *r;
	t->done = done;
	t->arg = arg;
	t->submitted = t->due = clock_monotonic() + r->wait;
	http_answer_init(&t->answer);
	*h->last = t;
	h->last = &t->next;
	h->pending++;
	return t;
}

void
http_submit(struct http *h, const struct http_request *r, http_done *done,
    void *arg)
{
	append(h, r, done, arg);
}

static void
detach(struct http *h, struct http_transfer *t)
{
	struct http_transfer **at = &h->first;

	while (*at != t)
		at = &(*at)->next;
	*at = t->next;
	if (h->last == &t->next)
		h->last = at;
	h->pending--;
}

size_t
http_pending(const struct http *h)
{
	return h->pending;
}

uint64_t
http_connections(const struct http *h)
{
	return h->connections;
}

/* ---- the work ---- */

static void
begin(struct http_transfer *t)
{
	struct err e;
	enum rc rc;

	if (run_stopping())
		rc = err_set(&e, RC_RETRY, "stopped before it was sent");
	else if (!http_allow(t, clock_monotonic()))
		return;
	else
		rc = http_transfer_begin(t, &e);
	if (rc)
		http_end_with(t, rc, &e);
}

static void
launch(struct http *h, int64_t now)
{
	struct http_transfer *t = h->first;

	for (; t && h->flying < h->config.concurrent; t = t->next)
		if (t->stage == HTTP_WAITING && (t->due <= now ||
		    run_stopping()))
			begin(t);
}

static void
collect(struct http *h)
{
	struct http_transfer *t;
	CURLMsg *m;
	int left;

	for (m = http_curl.multi_info_read(h->multi, &left); m;
	    m = http_curl.multi_info_read(h->multi, &left)) {
		CURLcode code = m->data.result;

		if (m->msg != CURLMSG_DONE)
			continue;
		http_curl.easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &t);
		fault_step("take an answer");
		http_end_attempt(t, code);
	}
}

static void
expire(struct http *h, int64_t now)
{
	for (struct http_transfer *t = h->first; t; t = t->next) {
		if (t->stage != HTTP_FLYING)
			continue;
		t->expired = http_transfer_expired(t, now);
		if (t->expired)
			http_end_attempt(t, CURLE_OPERATION_TIMEDOUT);
	}
}

/* Tells the ends; callbacks may submit more. */
static bool
deliver(struct http *h)
{
	struct http_transfer *t = h->first, *next;
	bool any = false;

	for (; t; t = next) {
		next = t->next;
		if (t->stage != HTTP_OVER)
			continue;
		any = true;
		t->stage = HTTP_TOLD; /* the callback may drive, too */
		t->done(t->arg, &t->answer, t->rc, &t->e);
		next = t->next; /* it may have been the last */
		detach(h, t);
		http_transfer_free(t);
	}
	return any;
}

static int
poll_time(const struct http *h, int64_t now)
{
	int64_t until = now + POLL_MS;
	bool room = h->flying < h->config.concurrent;

	for (struct http_transfer *t = h->first; t; t = t->next) {
		int64_t at = t->stage == HTTP_FLYING ?
		    http_transfer_deadline(t) : t->due;

		if ((t->stage == HTTP_WAITING && !room) ||
		    t->stage == HTTP_TOLD)
			continue;
		until = at < until ? at : until;
	}
	return until > now ? (int)(until - now) : 0;
}

enum rc
http_drive(struct http *h, struct err *e)
{
	int running, code;

	while (h->first) {
		launch(h, clock_monotonic());
		code = http_curl.multi_perform(h->multi, &running);
		if (code)
			return err_set(e, RC_SYSTEM, "curl: %s",
			    http_curl.multi_strerror(code));
		collect(h);
		expire(h, clock_monotonic());
		if (deliver(h))
			return RC_OK;
		code = http_curl.multi_poll(h->multi, NULL, 0, poll_time(h,
		    clock_monotonic()), NULL);
		if (code)
			return err_set(e, RC_SYSTEM, "curl: %s",
			    http_curl.multi_strerror(code));
	}
	return RC_END;
}

enum rc
http_drain(struct http *h, struct err *e)
{
	enum rc rc = RC_OK;

	while (!rc)
		rc = http_drive(h, e);
	return rc == RC_END ? RC_OK : rc;
}

/* ---- one ---- */

struct call {
	struct http_answer *answer;
	struct err *e;
	enum rc rc;
	bool done;
};

static void
on_done(void *arg, const struct http_answer *a, enum rc rc,
    const struct err *e)
{
	struct call *c = arg;
	struct http_answer mine = *c->answer;

	*c->answer = *a;
	/* the transfer is about to go: its buffers are taken over */
	((struct http_answer *)a)->headers = mine.headers;
	((struct http_answer *)a)->body = mine.body;
	*c->e = *e;
	c->rc = rc;
	c->done = true;
}

enum rc
http_call(struct http *h, const struct http_request *r,
    struct http_answer *a, struct err *e)
{
	struct call c = { .answer = a, .e = e };
	struct http_transfer *t = append(h, r, on_done, &c);
	enum rc rc = RC_OK;

	while (!c.done && !rc)
		rc = http_drive(h, e);
	if (c.done)
		return c.rc;
	detach(h, t);
	http_transfer_free(t);
	a->outcome = HTTP_UNKNOWN;
	return rc;
}
