/* SPDX-License-Identifier: MIT */
/*
 * hubspot_limits: how many calls there may be, and what an answer means for
 * going on.
 *
 * An app has 100 calls in ten seconds on the smallest plan, 190 on others and
 * more for money, an OAuth app 110 of each account: the least holds until
 * headers say.  Searches have five a second of the whole account besides, and
 * headers say nothing of those.  Associations have ten seconds of their own.
 * Of the day a private app is told, an OAuth app is not.
 */
#include "hubspot.h"

#include <stdio.h>

#define LOCKED_MS 2000   /* 423: at least */
#define ROLLING_MS 1000  /* 429 of ten seconds: some of them have passed */
#define SECONDLY_MS 1000 /* 429 of a second */

/* What a header may say, to be believed. */
#define CALLS_MOST 100000
#define WINDOW_MOST 3600000

const struct budget_lane hubspot_lanes[HUBSPOT_LANES] = {
	[HUBSPOT_ALL] = { .calls = 100, .window = 10000 },
	[HUBSPOT_SEARCH] = { .calls = 5, .window = 1000, .within = true },
	[HUBSPOT_ASSOCIATIONS] = { .calls = 100, .window = 10000 },
};

enum policy { NONE, UNKNOWN, SECONDLY, ROLLING, DAILY };

/* Which limit refused. */
static enum policy
policy_of(const struct http_answer *a)
{
	enum policy policy = UNKNOWN;
	struct span name;
	struct arena arena;
	struct json j;
	struct err ignored;

	if (a->status != 429)
		return NONE;
	json_init(&j);
	arena_init(&arena);
	if (json_parse(&j, buf_view(&a->body), &ignored) == RC_OK) {
		name = json_get_string(&j, 0, SPAN("policyName"), &arena);
		if (span_eq(name, SPAN("DAILY")))
			policy = DAILY;
		else if (span_eq(name, SPAN("TEN_SECONDLY_ROLLING")))
			policy = ROLLING;
		else if (span_eq(name, SPAN("SECONDLY")))
			policy = SECONDLY;
	}
	json_free(&j);
	arena_free(&arena);
	return policy;
}

/* "X-HubSpot-RateLimit-NAME": a number, else -1. */
static int64_t
header(const struct http_answer *a, const char *name)
{
	char text[64];
	struct span value;
	int64_t n = 0;

	snprintf(text, sizeof text, "X-HubSpot-RateLimit-%s", name);
	value = http_answer_header(a, span_str(text));
	if (!value.len || value.len > 15)
		return -1;
	for (size_t i = 0; i < value.len; i++) {
		if (value.ptr[i] < '0' || value.ptr[i] > '9')
			return -1;
		n = n * 10 + (value.ptr[i] - '0');
	}
	return n;
}

void
hubspot_limits(const struct http_answer *a, struct budget_told *t)
{
	int64_t calls = header(a, "Max");
	int64_t window = header(a, "Interval-Milliseconds");
	enum policy policy = policy_of(a);

	/* of a search they would be those of all calls */
	if (t->lane != HUBSPOT_SEARCH && calls > 0 && calls <= CALLS_MOST &&
	    window > 0 && window <= WINDOW_MOST) {
		t->calls = (unsigned)calls;
		t->window = (unsigned)window;
	}
	t->daily = header(a, "Daily");
	t->left_today = header(a, "Daily-Remaining");
	if (policy == DAILY)
		t->left_today = 0;
	if (policy == ROLLING && t->lane == HUBSPOT_SEARCH)
		t->lane = HUBSPOT_ALL;
}

/* A storm: refused, though there are calls left.  Then it is backoff. */
static int64_t
usual_wait(const struct http_answer *a, enum policy policy)
{
	if (header(a, "Remaining") > 0)
		return -1;
	return policy == SECONDLY ? SECONDLY_MS : ROLLING_MS;
}

/* An answer that was cut, or a page that somebody in between put there. */
static bool
is_no_json(const struct http_answer *a)
{
	const char *p = a->body.ptr, *end = p + a->body.len;

	while (p < end && (unsigned char)*p <= ' ')
		p++;
	while (p < end && (unsigned char)end[-1] <= ' ')
		end--;
	return p < end && (*p != '{' || end[-1] != '}');
}

enum http_verdict
hubspot_judge(void *arg, const struct http_answer *a, int64_t *wait,
    struct err *e)
{
	enum policy policy = policy_of(a);

	if (a->status >= 300)
		hubspot_refusal_say(e, RC_OK, a);
	if (a->status < 300 && is_no_json(a)) {
		err_set(e, RC_OK, "HTTP %d, and no JSON", a->status);
		return HTTP_FAILED;
	}
	switch (a->status) {
	case 423:
		if (*wait < LOCKED_MS)
			*wait = LOCKED_MS;
		return HTTP_NOT_DONE;
	case 429:
		if (*wait < 0)
			*wait = usual_wait(a, policy);
		return policy == DAILY ? HTTP_DOWN : HTTP_NOT_DONE;
	case 477: /* the account is moved to another place, for up to a day */
		return *wait > HTTP_PATIENCE_MS ? HTTP_DOWN : HTTP_NOT_DONE;
	default:
		return http_judge_status(arg, a, wait, e);
	}
}
