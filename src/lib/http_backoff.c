/* SPDX-License-Identifier: MIT */
#include "http_backoff.h"

#include "clock.h"
#include "hash.h"
#include "state.h"

void
http_backoff_init(struct http_backoff *b, unsigned first, unsigned cap)
{
	struct err e;

	b->first = first;
	b->cap = cap;
	if (state_random(&b->seed, &e)) /* any spread is better than none */
		b->seed = (uint64_t)clock_monotonic();
}

unsigned
http_backoff_ceiling(const struct http_backoff *b, unsigned n)
{
	unsigned ceiling = b->first;

	while (n > 1 && ceiling < b->cap) {
		ceiling = ceiling > b->cap / 2 ? b->cap : ceiling * 2;
		n--;
	}
	return ceiling < b->cap ? ceiling : b->cap;
}

unsigned
http_backoff_wait(struct http_backoff *b, unsigned n)
{
	b->seed += UINT64_C(0x9e3779b97f4a7c15);
	return (unsigned)(hash_fold(b->seed, UINT64_C(0xd1342543de82ef95)) %
	    ((uint64_t)http_backoff_ceiling(b, n) + 1));
}
