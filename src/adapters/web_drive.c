/* SPDX-License-Identifier: MIT */
/*
 * web_drive: a talk's requests go out, as many at a time as it has and may,
 * and their answers are taken in the order of asking, so that what comes of
 * it does not hang on which one was the faster.
 */
#include "../lib/clock.h"
#include "../lib/limits.h"
#include "../lib/xalloc.h"
#include "web.h"

#include <stdlib.h>

enum flight { FREE, FLYING, LANDED };

struct slot {
	struct driving *driving;
	enum flight flight;
	struct web_ask ask;
	struct http_answer answer; /* of one that landed before its turn */
	enum rc came;
	struct err why;
};

struct driving {
	struct http *http;
	struct talk *talk;
	struct slot *slots;  /* a ring */
	size_t room, first, count;
	bool ended;          /* the talk wants no more */
	enum rc rc;
	struct err *e;
};

static void
tell_time(struct talk *t)
{
	t->now = clock_now() + t->lead;
}

static struct slot *
slot_at(struct driving *d, size_t i)
{
	return &d->slots[(d->first + i) % d->room];
}

/* ---- taking ---- */

static void
give(struct driving *d, struct slot *s, const struct http_answer *a,
    enum rc came, const struct err *why)
{
	if (d->ended)
		return;
	if (a->date)
		d->talk->lead = a->date - clock_now();
	tell_time(d->talk);
	d->rc = d->talk->take(d->talk, &s->ask, a, came, why, d->e);
	d->ended = d->rc != RC_OK;
	if (d->rc == RC_END)
		d->rc = RC_OK;
}

static void
release(struct driving *d)
{
	slot_at(d, 0)->flight = FREE;
	d->first = (d->first + 1) % d->room;
	d->count--;
}

static void
keep(struct slot *s, const struct http_answer *a, enum rc came,
    const struct err *why)
{
	struct buf headers = s->answer.headers, body = s->answer.body;

	buf_reset(&headers);
	buf_reset(&body);
	buf_span(&headers, buf_view(&a->headers));
	buf_span(&body, buf_view(&a->body));
	s->answer = *a;
	s->answer.headers = headers;
	s->answer.body = body;
	s->came = came;
	s->why = *why;
	s->flight = LANDED;
}

static void
on_done(void *arg, const struct http_answer *a, enum rc rc,
    const struct err *why)
{
	struct slot *s = arg, *first;
	struct driving *d = s->driving;

	if (s != slot_at(d, 0)) {
		keep(s, a, rc, why);
		return;
	}
	give(d, s, a, rc, why);
	release(d);
	for (; d->count; release(d)) {
		first = slot_at(d, 0);
		if (first->flight != LANDED)
			break;
		give(d, first, &first->answer, first->came, &first->why);
	}
}

/* ---- asking ---- */

static void
submit(struct driving *d, struct slot *s)
{
	const struct web_ask *ask = &s->ask;
	struct http_request r = { .method = ask->method,
		.path = buf_view(&ask->path), .type = ask->type,
		.body = buf_view(&ask->body), .repeat = ask->repeat,
		.lane = ask->lane, .cost = ask->cost, .wait = ask->wait };

	s->flight = FLYING;
	d->count++;
	http_submit(d->http, &r, on_done, s);
}

static void
renew(struct web_ask *ask)
{
	struct buf path = ask->path, body = ask->body;

	buf_reset(&path);
	buf_reset(&body);
	*ask = (struct web_ask){ .path = path, .body = body };
}

/* All that may be asked now. */
static enum rc
ask_ahead(struct driving *d, size_t most)
{
	enum rc rc = RC_OK;

	while (!rc && !d->ended && d->count < most) {
		struct slot *s = slot_at(d, d->count);

		renew(&s->ask);
		tell_time(d->talk);
		rc = d->talk->next(d->talk, &s->ask, d->e);
		if (!rc)
			rc = buf_check(&s->ask.path, d->e);
		if (!rc)
			rc = buf_check(&s->ask.body, d->e);
		if (!rc)
			submit(d, s);
	}
	if (rc && rc != RC_END) {
		d->ended = true;
		d->rc = rc;
	}
	return rc;
}

static void
open_slots(struct driving *d)
{
	d->slots = xcalloc(d->room, sizeof *d->slots);
	for (size_t i = 0; i < d->room; i++) {
		struct slot *s = &d->slots[i];

		s->driving = d;
		http_answer_init(&s->answer);
		buf_init(&s->ask.path, LIMIT_URL, "web address");
		buf_init(&s->ask.body, LIMIT_ANSWER, "request");
	}
}

static void
free_slots(struct driving *d)
{
	for (size_t i = 0; i < d->room; i++) {
		http_answer_free(&d->slots[i].answer);
		buf_free(&d->slots[i].ask.path);
		buf_free(&d->slots[i].ask.body);
	}
	free(d->slots);
}

enum rc
web_drive(struct http *h, struct talk *t, const struct web_pace *pace,
    struct err *e)
{
	struct driving d = { .http = h, .talk = t, .e = e };
	struct err failed;
	enum rc rc = RC_OK;

	d.room = t->ahead ? t->ahead : 1;
	if (d.room > pace->concurrent)
		d.room = pace->concurrent;
	open_slots(&d);
	/* what is in flight may still be done: it is waited for */
	while (!rc) {
		ask_ahead(&d, d.room);
		if (!d.count)
			break;
		if (pace->idle)
			pace->idle(pace->idle_arg);
		rc = http_drive(h, &failed);
	}
	if (rc && !d.rc) {
		d.rc = rc;
		*e = failed;
	}
	if (t->free)
		t->free(t);
	free_slots(&d);
	return d.rc;
}
