/* SPDX-License-Identifier: MIT */
/* http_allow: what the budget is asked and told. */
#include "budget.h"
#include "http_private.h"

static void
wait_until(struct http_transfer *t, int64_t now, int64_t due)
{
	struct err e;

	if (due - t->submitted <= t->http->config.patience_ms) {
		t->due = due;
		return;
	}
	err_set(&e, RC_REMOTE, "%.*s: no call is allowed for %lld s",
	    SPAN_ARG(t->http->origin.host), (long long)(due - now + 999) /
	    1000);
	http_end_with(t, RC_REMOTE, &e);
}

bool
http_allow(struct http_transfer *t, int64_t now)
{
	struct http *h = t->http;
	unsigned lane = t->req.lane;
	int64_t wait = 0;
	struct err e;
	enum rc rc;

	if (!h->config.budget)
		return true;
	if (lane < LIMIT_LANES && h->lane_due[lane] > now) {
		wait_until(t, now, h->lane_due[lane]);
		return false;
	}
	rc = budget_take(h->config.budget, lane, t->req.cost ? t->req.cost : 1,
	    &wait, &e);
	if (rc) {
		http_end_with(t, rc, &e);
		return false;
	}
	if (wait) { /* all of the lane: who asks for less goes no sooner */
		h->lane_due[lane] = now + wait;
		wait_until(t, now, now + wait);
	}
	return !wait;
}

/* Counting fails only with the disk; the next who takes says so. */
void
http_allow_went(struct http_transfer *t, bool well)
{
	struct err e;

	if (t->http->config.budget && budget_went(t->http->config.budget,
	    well, &e))
		return;
}

void
http_allow_told(struct http_transfer *t, int64_t wait)
{
	struct http_config *c = &t->http->config;
	struct budget_told told = { .lane = t->req.lane, .daily = -1,
		.left_today = -1 };
	struct err e;

	if (!c->budget)
		return;
	if (c->limits)
		c->limits(&t->answer, &told);
	if (budget_hear(c->budget, &told, t->answer.date, &e))
		return;
	if (wait > 0 && budget_pause(c->budget, told.lane, wait, &e))
		return;
}
