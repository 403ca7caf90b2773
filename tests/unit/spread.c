/* SPDX-License-Identifier: MIT */
/* spread: what a sketch keeps of many values, and what it may miss. */
#include "../../src/crm-resolve/spread.c"

#include "scratch.h"
#include "tap.h"

/* The count a sketch has, and whether it is within what it may be off. */
static bool
holds(const struct sketch *s, uint64_t value, uint64_t exact, uint64_t all)
{
	uint64_t n = 0;

	for (size_t i = 0; i < SPREAD_SLOTS; i++)
		if (s->n[i] && s->value[i] == value)
			n = s->n[i];
	return n <= exact && exact <= n + s->missed &&
	    s->missed <= all / (SPREAD_SLOTS + 1);
}

static void
test_sketch(void)
{
	enum { VALUES = 300 };
	uint64_t exact[VALUES] = { 0 }, seed = 5, all = 0;
	struct sketch s = { .missed = 0 };
	bool good = true;

	for (int i = 0; i < 20000; i++) {
		uint64_t value = scratch_random(&seed) % VALUES;
		uint64_t n = 1 + scratch_random(&seed) % 4;

		value = scratch_random(&seed) % 3 ? value % 5 : value;
		sketch_add(&s, value + 1, n);
		exact[value] += n;
		all += n;
	}
	for (uint64_t i = 0; i < VALUES; i++)
		good &= holds(&s, i + 1, exact[i], all);
	ok(good, "never too many, and a 65th less at most");
	ok(s.missed > 0, "with more values than there is room for");
}

int
main(void)
{
	test_sketch();
	return tap_done();
}
