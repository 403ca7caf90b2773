/* SPDX-License-Identifier: MIT */
#include "histogram.h"

#include <stdlib.h>

#include "tap.h"

#define VALUES 20000

static struct histogram h, other;
static int64_t value[VALUES];

static void
clear(struct histogram *it)
{
	memset(it, 0, sizeof *it);
}

static int
by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* xorshift: the same numbers everywhere */
static uint64_t
next(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static void
test_few(void)
{
	clear(&h);
	ok(histogram_percentile(&h, 99) == 0, "of nothing it is 0");
	histogram_add(&h, 7);
	ok(histogram_percentile(&h, 1) == 7 &&
	    histogram_percentile(&h, 100) == 7, "one value is every one");
	for (int64_t i = 1; i <= 10; i++)
		histogram_add(&h, i);
	ok(histogram_percentile(&h, 50) == 6, "1 to 10 and 7: p50 is 6");
	ok(histogram_percentile(&h, 95) == 10, "p95 is 10, by nearest rank");
	clear(&h);
	histogram_add(&h, -5);
	ok(h.count == 1 && histogram_percentile(&h, 50) == 0,
	    "what is before its time counts as 0");
}

static void
test_exact(void)
{
	bool all = true;

	for (int64_t i = 0; i < 64; i++) {
		clear(&h);
		histogram_add(&h, i);
		all &= histogram_percentile(&h, 50) == i;
	}
	ok(all, "0 to 63 are kept as they are");
}

/* Every edge of a part, and what stands beside it. */
static void
test_edges(void)
{
	int64_t low = 0, high = 0;
	bool all = true;

	for (int bit = 1; bit < HISTOGRAM_MOST; bit++)
		for (int64_t part = 0; part < 32; part++)
			for (int64_t by = -1; by <= 1; by++) {
				int64_t v = (INT64_C(1) << bit) + by + part *
				    ((INT64_C(1) << bit) / 32), got;

				clear(&h);
				histogram_add(&h, v);
				got = histogram_percentile(&h, 50);
				all &= got >= v && got - v <= v / 32;
			}
	ok(all, "never less, and at most 1/32 more, at every edge");
	clear(&h);
	histogram_add(&h, INT64_MAX);
	high = histogram_percentile(&h, 50);
	clear(&h);
	histogram_add(&h, (INT64_C(1) << HISTOGRAM_MOST) - 1);
	low = histogram_percentile(&h, 50);
	ok(high == low && high == (INT64_C(1) << HISTOGRAM_MOST) - 1,
	    "what is too large counts as the largest");
}

static void
test_many(void)
{
	static const unsigned percent[] = { 1, 50, 90, 95, 99, 100 };
	uint64_t state = 88172645463325252u;

	clear(&h);
	clear(&other);
	for (size_t i = 0; i < VALUES; i++) {
		/* from seconds to weeks, as latencies are */
		value[i] = (int64_t)(next(&state) % (1u << (10 + i % 20)));
		histogram_add(i % 3 ? &h : &other, value[i]);
	}
	histogram_merge(&h, &other);
	ok(h.count == VALUES, "merged, all are there");
	qsort(value, VALUES, sizeof *value, by_value);
	for (size_t i = 0; i < sizeof percent / sizeof *percent; i++) {
		int64_t want = value[(VALUES * percent[i] + 99) / 100 - 1];
		int64_t got = histogram_percentile(&h, percent[i]);

		ok(got >= want && got - want <= want / 32, "p%u: %lld for %lld",
		    percent[i], (long long)got, (long long)want);
	}
}

static void
test_bytes(void)
{
	struct buf b;
	struct span s;

	buf_init(&b, 1 << 16, "histogram");
	histogram_put(&b, &h);
	clear(&other);
	s = buf_view(&b);
	ok(histogram_take(&other, &s) && !s.len &&
	    memcmp(&h, &other, sizeof h) == 0, "as bytes and back");
	s = span_of(b.ptr, b.len - 1);
	clear(&other);
	ok(!histogram_take(&other, &s), "cut short it is damaged");
	buf_reset(&b);
	buf_varint(&b, HISTOGRAM_PARTS);
	buf_varint(&b, 1);
	s = buf_view(&b);
	ok(!histogram_take(&other, &s), "so is what lies outside");
	buf_reset(&b);
	buf_varint(&b, 1);
	buf_varint(&b, 1);
	buf_varint(&b, UINT64_MAX);
	buf_varint(&b, 1);
	s = buf_view(&b);
	ok(!histogram_take(&other, &s), "and a step that leads around");
	buf_reset(&b);
	clear(&other);
	for (size_t i = 0; i < HISTOGRAM_PARTS; i++)
		other.part[i] = UINT64_C(1) << 62;
	histogram_put(&b, &other);
	ok(!b.over && b.len <= 12 << 10, "the largest takes %zu bytes", b.len);
	buf_free(&b);
}

int
main(void)
{
	test_few();
	test_exact();
	test_edges();
	test_many();
	test_bytes();
	return tap_done();
}
