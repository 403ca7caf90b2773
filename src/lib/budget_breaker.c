/* SPDX-License-Identifier: MIT */
#include "budget_breaker.h"

#include <string.h>

#include "limits.h"

#define LOOK_MS 500 /* somebody tries: has it come to something? */

bool
budget_breaker_allows(struct budget_breaker *b, int64_t now, int64_t *wait,
    bool *open)
{
	*open = false;
	*wait = 0;
	if (!b->until)
		return true;
	if (b->until > now + BREAKER_CAP_MS) { /* the machine was restarted */
		memset(b, 0, sizeof *b);
		return true;
	}
	if (now < b->until) {
		*open = true;
		*wait = b->until - now;
		return false;
	}
	if (now < b->probe && b->probe <= now + BREAKER_PROBE_MS) {
		*wait = b->probe - now < LOOK_MS ? b->probe - now : LOOK_MS;
		return false;
	}
	b->probe = now + BREAKER_PROBE_MS;
	return true;
}

static int64_t
cool_down(uint64_t trips)
{
	int64_t ms = BREAKER_MS;

	for (; trips && ms < BREAKER_CAP_MS; trips--)
		ms *= 2;
	return ms < BREAKER_CAP_MS ? ms : BREAKER_CAP_MS;
}

bool
budget_breaker_went(struct budget_breaker *b, int64_t now, bool well)
{
	static const struct budget_breaker closed;
	bool was_closed = !b->until && !b->failures;

	if (well) {
		*b = closed;
		return !was_closed;
	}
	if (b->until && now < b->until) /* begun before it opened */
		return false;
	b->failures++;
	if (!b->until && b->failures < BREAKER_FAILURES)
		return true;
	b->until = now + cool_down(b->trips);
	b->trips++;
	b->failures = 0;
	b->probe = 0;
	return true;
}
