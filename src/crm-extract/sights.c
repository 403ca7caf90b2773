/* SPDX-License-Identifier: MIT */
#include "sights.h"

#include "../lib/hash.h"

#include <stdint.h>
#include <stdlib.h>

#define MOST ((size_t)1 << 30) /* bytes */

void
sights_init(struct sights *s)
{
	buf_init(&s->hashes, MOST, "the list of ids shown");
	s->sorted = 0;
}

void
sights_free(struct sights *s)
{
	buf_free(&s->hashes);
}

static int
compare(const void *left, const void *right)
{
	const uint64_t *a = left, *b = right;

	return (*a > *b) - (*a < *b);
}

void
sights_add(struct sights *s, struct span id)
{
	uint64_t h = hash64(id, 0);

	buf_put(&s->hashes, &h, sizeof h);
}

bool
sights_have(struct sights *s, struct span id)
{
	uint64_t h = hash64(id, 0);
	size_t n = s->hashes.len / sizeof h;

	if (s->sorted < n) {
		qsort(s->hashes.ptr, n, sizeof h, compare);
		s->sorted = n;
	}
	return n && bsearch(&h, s->hashes.ptr, n, sizeof h, compare);
}
