/* SPDX-License-Identifier: MIT */
#include "histogram.h"

#define FINE (1u << HISTOGRAM_FINE)
#define LARGEST ((INT64_C(1) << HISTOGRAM_MOST) - 1)

static unsigned
bits_of(uint64_t value)
{
	unsigned n = 0;

	for (unsigned step = 32; step; step /= 2)
		if (value >> step) {
			value >>= step;
			n += step;
		}
	return n + (value != 0);
}

/* Its highest HISTOGRAM_FINE + 1 bits, and how many follow. */
static size_t
part_of(uint64_t value)
{
	unsigned bits = bits_of(value), low;

	if (bits <= HISTOGRAM_FINE)
		return (size_t)value;
	low = bits - HISTOGRAM_FINE - 1;
	return (size_t)low * FINE + (size_t)(value >> low);
}

static int64_t
last_of(size_t part)
{
	size_t low = part < 2 * FINE ? 0 : part / FINE - 1;

	return (int64_t)(((uint64_t)(part - low * FINE) + 1) << low) - 1;
}

void
histogram_add(struct histogram *h, int64_t value)
{
	if (value < 0)
		value = 0;
	h->part[part_of((uint64_t)(value < LARGEST ? value : LARGEST))]++;
	h->count++;
}

void
histogram_merge(struct histogram *h, const struct histogram *other)
{
	for (size_t i = 0; i < HISTOGRAM_PARTS; i++)
		h->part[i] += other->part[i];
	h->count += other->count;
}

int64_t
histogram_percentile(const struct histogram *h, unsigned percent)
{
	/* in two steps: the product of a large count would not fit */
	uint64_t rank = h->count / 100 * percent +
	    (h->count % 100 * percent + 99) / 100;
	uint64_t seen = 0;

	for (size_t i = 0; i < HISTOGRAM_PARTS; i++) {
		seen += h->part[i];
		if (seen && seen >= rank)
			return last_of(i);
	}
	return 0;
}

void
histogram_put(struct buf *b, const struct histogram *h)
{
	size_t before = 0;

	for (size_t i = 0; i < HISTOGRAM_PARTS; i++) {
		if (!h->part[i])
			continue;
		buf_varint(b, i - before);
		buf_varint(b, h->part[i]);
		before = i;
	}
}

bool
histogram_take(struct histogram *h, struct span *s)
{
	uint64_t at = 0, step, n;

	while (s->len) {
		if (!span_take_varint(s, &step) || !span_take_varint(s, &n) ||
		    step >= HISTOGRAM_PARTS || at + step >= HISTOGRAM_PARTS)
			return false;
		at += step;
		h->part[at] += n;
		h->count += n;
	}
	return true;
}
