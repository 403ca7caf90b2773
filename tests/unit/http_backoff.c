/* SPDX-License-Identifier: MIT */
#include "http_backoff.h"

#include <stdlib.h>

#include "tap.h"

static void
test_ceilings(void)
{
	struct http_backoff b = { .first = 500, .cap = 60000 };
	struct http_backoff huge = { .first = 3, .cap = 0xffffffffu };

	ok(http_backoff_ceiling(&b, 1) == 500 &&
	    http_backoff_ceiling(&b, 2) == 1000 &&
	    http_backoff_ceiling(&b, 7) == 32000, "the ceiling doubles");
	ok(http_backoff_ceiling(&b, 8) == 60000 &&
	    http_backoff_ceiling(&b, 4000000) == 60000, "up to its cap");
	ok(http_backoff_ceiling(&huge, 100) == 0xffffffffu,
	    "and does not overflow");
}

/* Any time up to the ceiling, low and high alike. */
static void
test_spread(void)
{
	struct http_backoff b;
	unsigned tenth[10] = { 0 }, over = 0, least = 10000;

	setenv("CRM_RUN", "", 1);
	http_backoff_init(&b, 100, 60000);
	for (int i = 0; i < 10000; i++) {
		unsigned wait = http_backoff_wait(&b, 4);

		over += wait > 800;
		tenth[wait * 10 / 801]++;
	}
	for (int i = 0; i < 10; i++)
		least = tenth[i] < least ? tenth[i] : least;
	ok(!over, "no wait passes its ceiling");
	ok(least > 800, "waits spread over all of it");
}

static void
test_seed(void)
{
	struct http_backoff a, b, c;

	setenv("CRM_RUN", "pinned", 1);
	http_backoff_init(&a, 1000, 60000);
	http_backoff_init(&b, 1000, 60000);
	ok(http_backoff_wait(&a, 5) == http_backoff_wait(&b, 5) &&
	    http_backoff_wait(&a, 5) == http_backoff_wait(&b, 5),
	    "a pinned run waits the same");
	setenv("CRM_RUN", "", 1);
	http_backoff_init(&c, 1000, 60000);
	ok(c.seed != a.seed, "another does not");
}

int
main(void)
{
	test_ceilings();
	test_spread();
	test_seed();
	return tap_done();
}
