/* SPDX-License-Identifier: MIT */
/*
 * HubSpot: its lanes, and what its answers mean for going on.
 *
 * An app has 100 calls in ten seconds on the smallest plan and 190 on others,
 * an OAuth app 110 of each account; searches have five a second of the whole
 * account, associations 100 in ten seconds.
 */
#include "hubspot.h"

#define LOCKED_MS 2000   /* 423: at least */
#define ROLLING_MS 3000  /* 429 of ten seconds: some of them have passed */
#define SECONDLY_MS 1000 /* 429 of a second */

static const struct budget_lane lanes[HUBSPOT_LANES] = {
	[HUBSPOT_ALL] = { 100, 10000 },
	[HUBSPOT_SEARCH] = { 5, 1000 },
	[HUBSPOT_ASSOCIATIONS] = { 100, 10000 },
};

/* Which of its limits refused. */
static enum http_verdict
judge_limit(const struct http_answer *a, int64_t *wait)
{
	enum http_verdict verdict = HTTP_NOT_DONE;
	struct span policy;
	struct arena arena;
	struct json j;
	struct err ignored;
	int64_t usual = SECONDLY_MS;

	json_init(&j);
	arena_init(&arena);
	if (json_parse(&j, buf_view(&a->body), &ignored) == RC_OK) {
		policy = json_get_string(&j, 0, SPAN("policyName"), &arena);
		if (span_eq(policy, SPAN("DAILY")))
			verdict = HTTP_DOWN;
		else if (span_eq(policy, SPAN("TEN_SECONDLY_ROLLING")))
			usual = ROLLING_MS;
	}
	if (*wait < 0)
		*wait = usual;
	json_free(&j);
	arena_free(&arena);
	return verdict;
}

static enum http_verdict
judge(void *arg, const struct http_answer *a, int64_t *wait, struct err *e)
{
	if (a->status >= 300)
		hubspot_refusal_say(e, RC_OK, a);
	switch (a->status) {
	case 423:
		if (*wait < LOCKED_MS)
			*wait = LOCKED_MS;
		return HTTP_NOT_DONE;
	case 429:
		return judge_limit(a, wait);
	case 477: /* the account is moved to another place, for up to a day */
		return *wait > HTTP_PATIENCE_MS ? HTTP_DOWN : HTTP_NOT_DONE;
	default:
		return http_judge_status(arg, a, wait, e);
	}
}

extern const struct profile profile_hubspot;
const struct web web_hubspot = {
	.profile = &profile_hubspot,
	.lanes = lanes,
	.lane_count = HUBSPOT_LANES,
	.judge = judge,
	.concurrent = 8,
};
