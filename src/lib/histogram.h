/* SPDX-License-Identifier: MIT */
/*
 * histogram: how often which value, in bounded memory, for percentiles.
 *
 * Values below 32 are kept as they are; above, each power of two is cut into
 * 32 parts of one width.  A percentile is the last value of the part its rank
 * falls into: never less than the true one, and at most 1/32 (3.2 %) more.
 * Values of 2^40 (in ms: 34 years) and more count as 2^40 - 1.
 */
#ifndef HISTOGRAM_H
#define HISTOGRAM_H

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"
#include "span.h"

#define HISTOGRAM_FINE 5  /* bits: 32 parts of a power of two */
#define HISTOGRAM_MOST 40 /* bits of the largest value */
#define HISTOGRAM_PARTS ((HISTOGRAM_MOST - HISTOGRAM_FINE + 1) <<            \
	HISTOGRAM_FINE)

/* All zero is an empty one. */
struct histogram {
	uint64_t count; /* of values */
	uint64_t part[HISTOGRAM_PARTS];
};

/* A negative value counts as 0. */
void histogram_add(struct histogram *h, int64_t value);
void histogram_merge(struct histogram *h, const struct histogram *other);

/*
 * The value that `percent` of all (1 to 100, by nearest rank) do not pass; 0
 * when there is none.
 */
int64_t histogram_percentile(const struct histogram *h, unsigned percent);

/* As bytes: what is empty takes no room; at most 12 KiB. */
void histogram_put(struct buf *b, const struct histogram *h);
/* Adds what stands at the front of *s, up to its end; false: damaged. */
bool histogram_take(struct histogram *h, struct span *s);

#endif
