/* SPDX-License-Identifier: MIT */
/* Fixed values (state and streams depend on them), spread, no collisions. */
#include <stdlib.h>

#include "hash.h"
#include "tap.h"

static int
compare(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Equal ones among n, which get sorted. */
static size_t
count_equal(uint64_t *h, size_t n)
{
	size_t i, equal = 0;

	qsort(h, n, sizeof(*h), compare);
	for (i = 1; i < n; i++)
		equal += h[i] == h[i - 1];
	return equal;
}

#define IDS 200000

/* Short ids of the shapes CRMs give. */
static void
test_ids(const char *before, const char *after)
{
	uint64_t *h = calloc(3 * IDS, sizeof(*h)), *low = h + IDS;
	uint64_t *high = low + IDS;
	size_t i, top;
	char id[64];

	for (i = 0; i < IDS; i++) {
		int n = snprintf(id, sizeof(id), "%s%07zu%s", before,
		    i, after);

		h[i] = hash64(span_of(id, (size_t)n), 7);
		low[i] = h[i] & 0xffffffff;
		high[i] = h[i] >> 32;
	}
	/* Of 200,000 random 32-bit numbers 4.7 pairs are equal. */
	top = count_equal(low, IDS);
	ok(top < 20, "%s: low halves, %zu equal", id, top);
	top = count_equal(high, IDS);
	ok(top < 20, "%s: high halves, %zu equal", id, top);
	ok(count_equal(h, IDS) == 0, "%s: all differ", id);
	free(h);
}

static unsigned
bits(uint64_t n)
{
	return (unsigned)__builtin_popcountll(n);
}

/* Flipping any one bit flips about half of each output word. */
static void
test_avalanche(size_t len)
{
	char text[128];
	size_t bit, round, n = 0;
	uint64_t sum[3] = { 0 };
	struct hash128 a, b;
	unsigned flips, least = 64;
	uint64_t h;

	for (round = 0; round < 64; round++)
		for (bit = 0; bit < len * 8; bit++) {
			memset(text, (int)(round * 37), sizeof(text));
			text[round % len] = (char)round;
			h = hash64(span_of(text, len), 0);
			a = hash128(span_of(text, len), 0);
			text[bit / 8] ^= (char)(1 << bit % 8);
			b = hash128(span_of(text, len), 0);
			flips = bits(h ^ hash64(span_of(text, len), 0));
			sum[0] += flips;
			least = flips < least ? flips : least;
			sum[1] += bits(a.lo ^ b.lo);
			sum[2] += bits(a.hi ^ b.hi);
			n++;
		}
	for (bit = 0; bit < 3; bit++)
		ok(sum[bit] > n * 31 && sum[bit] < n * 33,
		    "%zu bytes, word %zu: %.2f of 64 bits flip", len, bit,
		    (double)sum[bit] / (double)n);
	ok(least >= 6, "%zu bytes: never fewer than %u bits", len, least);
}

/* The hash reads each byte, none beyond, and the length. */
static void
test_lengths(void)
{
	struct hash128 *h = calloc(300, sizeof(*h));
	size_t len, at, i, wrong = 0;
	struct hash128 x;
	uint64_t y;
	char *text;

	for (len = 0; len < 300; len++) {
		text = calloc(1, len ? len : 1);
		h[len] = hash128(span_of(text, len), 1);
		for (i = 0; i < len; i++)
			wrong += hash128_eq(h[i], h[len]) ||
			    h[i].lo == h[len].lo || h[i].hi == h[len].hi;
		y = hash64(span_of(text, len), 1);
		for (at = 0; at < len; at++) {
			text[at] = 1;
			x = hash128(span_of(text, len), 1);
			wrong += x.lo == h[len].lo || x.hi == h[len].hi;
			wrong += hash64(span_of(text, len), 1) == y;
			text[at] = 0;
		}
		free(text);
	}
	ok(wrong == 0, "each byte and the length count, 0 to 299 bytes");
	ok(hash64(span_of(NULL, 0), 1) == hash64(SPAN(""), 1),
	    "empty without an address");
	free(h);
}

/* A word of one byte moved about gives as many hashes as places. */
static void
test_order(void)
{
	uint64_t *h = calloc(64 * 64 * 3, sizeof(*h)), *p = h;
	struct hash128 x;
	char text[512];
	size_t i, k;

	for (i = 0; i < 64; i++)
		for (k = 0; k < 64; k++) {
			memset(text, 0, sizeof(text));
			text[i * 8] = 1;
			text[k * 8] = (char)(i == k ? 3 : 2);
			x = hash128(span_of(text, sizeof(text)), 0);
			*p++ = x.lo;
			*p++ = x.hi;
			*p++ = hash64(span_of(text, sizeof(text)), 0);
		}
	ok(count_equal(h, 64 * 64 * 3) == 0, "the order of blocks counts");
	free(h);
}

static void
test_identity(void)
{
	uint64_t base = hash_section(SPAN("hubspot"), SPAN("companies"));

	ok(hash_section(SPAN("a"), SPAN("bc")) !=
	    hash_section(SPAN("ab"), SPAN("c")), "system and object separate");
	ok(hash_section(SPAN("a"), SPAN("")) !=
	    hash_section(SPAN(""), SPAN("a")), "empty counts");
	ok(hash_section(SPAN("a"), SPAN("b")) !=
	    hash_section(SPAN("b"), SPAN("a")), "order counts");
	ok(hash_identity(base, SPAN("12")) != hash_identity(base, SPAN("21")),
	    "ids differ");
	ok(hash_identity(base, SPAN("1")) + hash_identity(base, SPAN("4")) !=
	    hash_identity(base, SPAN("2")) + hash_identity(base, SPAN("3")),
	    "sums of close ids differ");
}

/*
 * Written down once: a change of these makes every stored hash and digest
 * worthless.
 */
static void
test_fixed(void)
{
	static const struct {
		struct span text;
		uint64_t h64, lo, hi;
	} fixed[] = {
		{ { "", 0 },
		    0xa078e6885397b607u, 0x80107be3f35ebfecu,
		    0xcd6fd0917dc41192u },
		{ { "a", 1 },
		    0xe1486153b56632b3u, 0x2a8fd58f942e9a3eu,
		    0xc441b363408a7ad4u },
		{ { "0035x", 5 },
		    0x1aef1faf92299f3du, 0x7a433235416cbb62u,
		    0xf0131d2e35093146u },
		{ { "12345678", 8 },
		    0x62be9df403daef49u, 0xdcf6a5afee2085d2u,
		    0xf45a8477171a2e9au },
		{ { "0061x00000abcde", 15 },
		    0x9f1f956672e1c1b5u, 0xc43e1ae94d3c2ea2u,
		    0xac4e928d9b7170aeu },
		{ { "exactly 16 bytes", 16 },
		    0xa0ed539161304a96u, 0xccd8e601d7bf15c5u,
		    0xf47e941c914d5fd7u },
		{ { "seventeen bytes..", 17 },
		    0xbda3f94b6f71831bu, 0xb37f14e317e67634u,
		    0x13e5f7b94183bbaeu },
		{ { "thirty-two bytes, one full block", 32 },
		    0x2d7e3e89f192e0a6u, 0x3beafb3a9812b38du,
		    0x4363ca0dc9e28ff5u },
		{ { "more than one block, so that the loop runs at least once",
		    56 },
		    0x06f828a8814061f8u, 0x4fbd54f3a06e75bcu,
		    0x557f5c82155c894au },
	};
	struct hash128 h;
	size_t i;

	for (i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++) {
		uint64_t h64 = hash64(fixed[i].text, 42);

		h = hash128(fixed[i].text, 42);
		if (!ok(h64 == fixed[i].h64 && h.lo == fixed[i].lo &&
		    h.hi == fixed[i].hi, "fixed value %zu", i))
			printf("# 0x%016llxu, 0x%016llxu, 0x%016llxu\n",
			    (unsigned long long)h64, (unsigned long long)h.lo,
			    (unsigned long long)h.hi);
	}
	ok(hash64(SPAN("x"), 0) != hash64(SPAN("x"), 1), "the seed counts");
}

int
main(void)
{
	size_t len;

	test_fixed();
	test_lengths();
	test_order();
	for (len = 1; len <= 8; len++)
		test_avalanche(len);
	for (len = 12; len <= 96; len += 7)
		test_avalanche(len);
	test_ids("", "");
	test_ids("001xx000003", "AAX");
	test_ids("0", "-0000-4000-8000-000000000000");
	test_ids("", "@example.com");
	test_ids("a long prefix that all of them share ", "");
	test_identity();
	return tap_done();
}
