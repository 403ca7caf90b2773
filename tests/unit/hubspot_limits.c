/* SPDX-License-Identifier: MIT */
#include "hubspot.h"

#include "limits.h"
#include "tap.h"

static struct http_answer answer;

static void
answered(int status, const char *headers, const char *body)
{
	http_answer_init(&answer);
	answer.status = status;
	answer.retry_after = -1;
	buf_span(&answer.headers, span_str(headers));
	buf_span(&answer.body, span_str(body));
}

static struct budget_told
told(unsigned lane)
{
	struct budget_told t = { .lane = lane, .daily = -1,
		.left_today = -1 };

	hubspot_limits(&answer, &t);
	http_answer_free(&answer);
	return t;
}

static bool
says(const struct budget_told *t, unsigned lane, unsigned calls,
    unsigned window, int64_t daily, int64_t left)
{
	return t->lane == lane && t->calls == calls && t->window == window &&
	    t->daily == daily && t->left_today == left;
}

#define ROLLING "{\"status\":\"error\",\"message\":\"You have reached your" \
	" ten_secondly_rolling limit.\",\"errorType\":\"RATE_LIMIT\"," \
	"\"correlationId\":\"c1\",\"policyName\":\"TEN_SECONDLY_ROLLING\"}"
#define SECONDLY "{\"status\":\"error\",\"message\":\"You have reached your" \
	" secondly limit.\",\"policyName\":\"SECONDLY\"}"
#define DAILY "{\"status\":\"error\",\"message\":\"You have reached your " \
	"daily limit.\",\"errorType\":\"RATE_LIMIT\",\"policyName\":\"DAILY\"}"

static void
test_limits(void)
{
	struct budget_told t;

	answered(200, "X-HubSpot-RateLimit-Max: 190\n"
	    "x-hubspot-ratelimit-interval-milliseconds: 10000\n"
	    "X-HubSpot-RateLimit-Daily: 650000\n"
	    "X-HubSpot-RateLimit-Daily-Remaining: 649999\n", "{}");
	t = told(HUBSPOT_ALL);
	ok(says(&t, HUBSPOT_ALL, 190, 10000, 650000, 649999),
	    "a private app is told all");
	answered(200, "X-HubSpot-RateLimit-Max: 110\n"
	    "X-HubSpot-RateLimit-Interval-Milliseconds: 10000\n", "{}");
	t = told(HUBSPOT_ASSOCIATIONS);
	ok(says(&t, HUBSPOT_ASSOCIATIONS, 110, 10000, -1, -1),
	    "an OAuth app nothing of the day; each lane its own");
	answered(200, "X-HubSpot-RateLimit-Max: 190\n"
	    "X-HubSpot-RateLimit-Interval-Milliseconds: 10000\n"
	    "X-HubSpot-RateLimit-Daily-Remaining: 0\n", "{}");
	t = told(HUBSPOT_SEARCH);
	ok(says(&t, HUBSPOT_SEARCH, 0, 0, -1, 0),
	    "a search's burst is in no header");
	answered(200, "X-HubSpot-RateLimit-Max: 0\n"
	    "X-HubSpot-RateLimit-Interval-Milliseconds: 10000\n"
	    "X-HubSpot-RateLimit-Daily: -1\n"
	    "X-HubSpot-RateLimit-Daily-Remaining: many\n", "{}");
	t = told(HUBSPOT_ALL);
	ok(says(&t, HUBSPOT_ALL, 0, 0, -1, -1), "what cannot be is nothing");
	answered(200, "X-HubSpot-RateLimit-Max: 99999999999999999999\n", "");
	t = told(HUBSPOT_ALL);
	ok(says(&t, HUBSPOT_ALL, 0, 0, -1, -1), "nor what is too much");
	answered(429, "", DAILY);
	t = told(HUBSPOT_ALL);
	ok(says(&t, HUBSPOT_ALL, 0, 0, -1, 0), "a day that is spent is said "
	    "by its refusal alone");
	answered(429, "", ROLLING);
	t = told(HUBSPOT_SEARCH);
	ok(t.lane == HUBSPOT_ALL, "a search may be refused as a call");
	answered(429, "", SECONDLY);
	t = told(HUBSPOT_SEARCH);
	ok(t.lane == HUBSPOT_SEARCH, "or as a search");
}

static void
judged(enum http_verdict want, int64_t said, int64_t wait, const char *what)
{
	struct err e = { "" };
	int64_t got = said;
	enum http_verdict verdict = hubspot_judge(NULL, &answer, &got, &e);

	ok(verdict == want && got == wait, "%s: %s", what, e.text);
	http_answer_free(&answer);
}

static void
test_judge(void)
{
	answered(429, "", ROLLING);
	judged(HTTP_NOT_DONE, -1, 1000, "ten seconds are full");
	answered(429, "X-HubSpot-RateLimit-Remaining: 100\n", ROLLING);
	judged(HTTP_NOT_DONE, -1, -1, "a storm, though calls are left");
	answered(429, "", SECONDLY);
	judged(HTTP_NOT_DONE, -1, 1000, "a second is full");
	answered(429, "", SECONDLY);
	judged(HTTP_NOT_DONE, 7000, 7000, "when to come was said");
	answered(429, "", "<html>");
	judged(HTTP_NOT_DONE, -1, 1000, "by whatever stands before it");
	answered(429, "", DAILY);
	judged(HTTP_DOWN, -1, 1000, "the day is spent");
	answered(423, "", "{}");
	judged(HTTP_NOT_DONE, -1, 2000, "locked");
	answered(477, "", "{}");
	judged(HTTP_NOT_DONE, 20000, 20000, "moving house");
	answered(477, "", "{}");
	judged(HTTP_DOWN, 86400000, 86400000, "for all day");
	answered(502, "", "<title>Bad gateway</title>");
	judged(HTTP_FAILED, -1, -1, "done or not");
	answered(521, "", "");
	judged(HTTP_FAILED, -1, -1, "Cloudflare's own");
	answered(401, "", "{}");
	judged(HTTP_AUTH, -1, -1, "the token");
	for (size_t i = 0; i < 6; i++) {
		static const int taken[] = { 200, 207, 400, 403, 404, 409 };

		answered(taken[i], "", "{}");
		judged(HTTP_TAKE, -1, -1, "for who asked");
	}
}

static void
test_calls(void)
{
	struct read_request req = { .object = SPAN("companies") };
	struct web_target to = { .object = SPAN("companies"),
		.compare = true };

	ok(hubspot_read_calls(&req, 250) == 4, "three pages, and the archive");
	ok(hubspot_read_calls(&req, 0) == 1, "of nothing: the archive");
	ok(hubspot_write_calls(&to, 0, 1000) == 20,
	    "a thousand are read again in ten calls and written in ten");
	to.compare = false;
	ok(hubspot_write_calls(&to, 0, 1000) == 10, "or written alone");
	ok(hubspot_write_calls(&to, 0, 1) == 1, "one is a call");
	to.compare = true;
	ok(hubspot_write_calls(&to, 250, 0) == 3,
	    "what is made is not read before");
}

/* What is asked, and what comes of an answer. */
static void
test_count(void)
{
	struct talk t = { .now = 0 };
	struct web_ask ask = { .method = NULL };
	struct err e = { "" };
	uint64_t n = 7;

	ok(hubspot_count(&t, SPAN("owners"), &n, &e) == RC_END,
	    "owners are not counted");
	ok(!hubspot_count(&t, SPAN("companies"), &n, &e) && n == 0, "begun");
	buf_init(&ask.path, 1000, "path");
	buf_init(&ask.body, 1000, "body");
	ok(!t.next(&t, &ask, &e), "one request");
	is(buf_view(&ask.path), SPAN("/crm/v3/objects/companies/search"),
	    "a search");
	is(buf_view(&ask.body), SPAN("{\"limit\":1}"), "for all");
	ok(ask.lane == HUBSPOT_SEARCH && ask.repeat == HTTP_SAFE,
	    "in its lane");
	answered(200, "", "{\"total\":12345,\"results\":[{}]}");
	ok(!t.take(&t, &ask, &answer, RC_OK, &e, &e) && n == 12345, "so many");
	ok(t.next(&t, &ask, &e) == RC_END, "and no other");
	http_answer_free(&answer);
	n = 0;
	answered(403, "", "{\"total\":5}");
	ok(!t.take(&t, &ask, &answer, RC_OK, &e, &e) && n == 0,
	    "a refusal says nothing");
	http_answer_free(&answer);
	ok(t.take(&t, &ask, &answer, RC_REMOTE, &e, &e) == RC_REMOTE,
	    "no answer ends it");
	t.free(&t);
	buf_free(&ask.path);
	buf_free(&ask.body);
}

int
main(void)
{
	test_calls();
	test_count();
	test_limits();
	test_judge();
	return tap_done();
}
