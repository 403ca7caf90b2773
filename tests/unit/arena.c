/* SPDX-License-Identifier: MIT */
#include "arena.h"

#include <stdint.h>

#include "tap.h"

static void
test_blocks(void)
{
	struct arena a;
	bool aligned = true, apart = true, kept = true;
	unsigned char *block[500];

	arena_init(&a);
	for (size_t i = 0; i < 500; i++) {
		block[i] = arena_alloc(&a, i);
		memset(block[i], (int)(i & 255), i);
		aligned &= ((uintptr_t)block[i] & 15) == 0;
	}
	for (size_t i = 0; i < 500; i++)
		for (size_t k = 0; k < i; k++)
			kept &= block[i][k] == (i & 255);
	for (size_t i = 1; i < 500; i++)
		apart &= block[i] != block[i - 1] || i == 1;
	ok(aligned, "blocks are aligned to 16");
	ok(kept && apart, "blocks do not overlap");
	arena_free(&a);
	arena_free(&a);
	ok(!a.first, "free twice is safe");
}

static void
test_reset(void)
{
	struct arena a;
	void *first;

	arena_init(&a);
	arena_reset(&a);
	first = arena_alloc(&a, 100);
	for (int i = 0; i < 100; i++)
		arena_alloc(&a, 10000);
	arena_reset(&a);
	ok(arena_alloc(&a, 100) == first, "reset keeps the first chunk");
	arena_free(&a);
	arena_alloc(&a, 33 << 20);
	arena_reset(&a);
	ok(!a.first, "but not huge ones");
	arena_free(&a);
}

static void
test_copies(void)
{
	struct arena a;
	char *zero;
	struct span copy;
	bool zeroed = true;

	arena_init(&a);
	memset(arena_alloc(&a, 4000), 0xff, 4000);
	arena_reset(&a);
	zero = arena_zero(&a, 4000);
	for (int i = 0; i < 4000; i++)
		zeroed &= zero[i] == 0;
	ok(zeroed, "zeroed memory is zero when used again");
	copy = arena_dup(&a, SPAN("a\0b"));
	is(copy, SPAN("a\0b"), "a copy, NUL bytes and all");
	ok(arena_dup(&a, span_of(NULL, 0)).len == 0, "of nothing");
	ok(strcmp(arena_cstr(&a, SPAN("abc")), "abc") == 0, "a C string");
	ok(arena_cstr(&a, span_of(NULL, 0))[0] == '\0', "an empty one");
	arena_free(&a);
}

int
main(void)
{
	test_blocks();
	test_reset();
	test_copies();
	return tap_done();
}
