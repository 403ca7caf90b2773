/* SPDX-License-Identifier: MIT */
#include "flow.h"

#include <stdlib.h>

#include "clock.h"
#include "scratch.h"
#include "tap.h"

#define HOUR INT64_C(3600000)

static struct err why;
static struct flow f;
static int64_t now;
static const struct span hub = { "hub", 3 }, org = { "org", 3 };

static void
at(const char *text)
{
	if (!clock_parse(span_str(text), &now))
		abort();
}

static struct flow *
clear(void)
{
	memset(&f, 0, sizeof f);
	return &f;
}

static bool
put(struct txn *t, struct span system, uint64_t updated, int64_t latency)
{
	clear();
	f.n[FLOW_UPDATED] = updated;
	f.delivered = now;
	histogram_add(&f.latency, latency);
	return !flow_add(t, system, org, now, &f, &why);
}

static uint64_t
updated(struct txn *t, int64_t hours)
{
	if (flow_sum(t, hub, org, now - hours * HOUR, clear(), &why))
		return UINT64_MAX;
	return f.n[FLOW_UPDATED];
}

static void
test_sums(struct txn *t)
{
	ok(updated(t, 1) == 0 && !f.delivered && !f.latency.count,
	    "nothing yet");
	at("2026-11-20T08:30:00Z");
	ok(put(t, hub, 1, 1000) && put(t, hub, 2, 2000), "two in an hour");
	ok(updated(t, 0) == 3 && f.latency.count == 2, "are one row");
	at("2026-11-20T12:10:00Z");
	ok(put(t, hub, 4, 3000) && put(t, SPAN("hu"), 8, 1), "later");
	ok(updated(t, 0) == 4, "this hour's");
	ok(updated(t, 3) == 4, "those of before are not of the window");
	ok(updated(t, 4) == 7 && f.latency.count == 3 &&
	    histogram_percentile(&f.latency, 100) >= 3000,
	    "an hour counts as a whole");
	ok(!flow_total(t, hub, org, clear(), &why) &&
	    f.n[FLOW_UPDATED] == 7 && !f.latency.count &&
	    f.delivered == now, "since ever, without latencies");
	ok(!flow_total(t, hub, SPAN("person"), clear(), &why) &&
	    !flow_done(&f), "another entity has none");
}

static void
test_age(struct txn *t)
{
	at("2026-12-26T12:00:00Z");
	ok(put(t, hub, 16, 1), "36 days later");
	ok(updated(t, 24 * 365) == 16, "old hours are gone");
	ok(!flow_total(t, hub, org, clear(), &why) &&
	    f.n[FLOW_UPDATED] == 23, "but not from the sum");
}

static enum rc
list(void *arg, struct span system, struct span entity, struct err *e)
{
	char *text = arg;

	(void)e;
	strncat(text, system.ptr, system.len);
	strcat(text, "/");
	strncat(text, entity.ptr, entity.len);
	strcat(text, " ");
	return RC_OK;
}

static void
test_each(struct txn *t)
{
	char text[100] = "";

	ok(!flow_each(t, list, text, &why), "each");
	is(span_str(text), SPAN("hu/org hub/org "), "each pair once");
}

static void
test_damage(struct txn *t)
{
	struct span key = { "flow\0hub\0org\0002026-12-26T12", 26 };

	ok(!txn_put(t, TABLE_META, key, SPAN("\xff"), &why) &&
	    flow_sum(t, hub, org, 0, clear(), &why) == RC_STATE,
	    "damaged: %s", why.text);
}

int
main(void)
{
	struct state *s;
	struct txn t;

	s = scratch_state();
	at("2026-11-20T07:00:00Z");
	if (txn_begin(&t, s, true, &why)) {
		printf("Bail out! %s\n", why.text);
		return 1;
	}
	test_sums(&t);
	test_age(&t);
	test_each(&t);
	test_damage(&t);
	txn_abort(&t);
	state_close(s);
	return tap_done();
}
