/* SPDX-License-Identifier: MIT */
/* identify: what follows for records that share the value of a match key. */
#include "../../src/crm-resolve/identify_case.c"

#include <stdio.h>
#include <stdlib.h>

#include "tap.h"

#define A 1u
#define B 2u
#define C 4u

static struct party p[8];
static size_t n;

/* One that shares the first key; `second` is its value of the next, or 0. */
static void
add(const char *uid, uint64_t systems, bool open, uint64_t second)
{
	p[n++] = (struct party){ .uid = span_str(uid), .systems = systems,
		.open = open, .value = { { 7, 7 }, { second, 0 } } };
}

static void
begin(void)
{
	n = 0;
	memset(p, 0, sizeof p);
}

/* A letter each: - known, alone, linked, review. */
static struct span
found(void)
{
	static char text[9];

	identify_case(p, n, 0, 2);
	for (size_t i = 0; i < n; i++)
		text[i] = "-alrw"[p[i].finding];
	return span_of(text, n);
}

static void
test_pairs(void)
{
	begin();
	add("a", A, false, 0);
	add("b", B, true, 0);
	is(found(), SPAN("-l"), "a known one and a new one");
	ok(p[1].with == 0 && p[0].systems == (A | B), "are one");
	begin();
	add("a", A, true, 0);
	add("b", B, true, 0);
	add("c", C, true, 0);
	is(found(), SPAN("lll"), "three new ones, of a system each");
	ok(p[0].with == 0 && p[2].with == 0 && p[0].systems == (A | B | C),
	    "are the first by uid");
	begin();
	add("a", A, true, 0);
	add("k", B, false, 0);
	is(found(), SPAN("l-"), "the known one stands");
	ok(p[0].with == 1, "whatever its place");
	begin();
	add("a", A | B, false, 0);
	add("c", C, true, 0);
	is(found(), SPAN("-l"), "known in two systems");
}

static void
test_ambiguous(void)
{
	begin();
	add("a", A, false, 0);
	add("b1", B, true, 0);
	add("b2", B, true, 0);
	is(found(), SPAN("-rr"), "two new ones for a known one");
	begin();
	add("a1", A, false, 0);
	add("a2", A, false, 0);
	add("b", B, true, 0);
	is(found(), SPAN("--r"), "one new one for two known ones");
	begin();
	add("a", A, false, 0);
	add("b", B, false, 0);
	add("c", C, true, 0);
	is(found(), SPAN("--r"), "also when those are of two systems");
	begin();
	add("k", A | B, false, 0);
	add("b2", B, true, 0);
	is(found(), SPAN("-r"), "a second one there, which stands elsewhere");
	begin();
	add("b1", B, false, 0);
	add("b2", B, true, 0);
	is(found(), SPAN("-a"), "two of one system are two");
	begin();
	add("a1", A, true, 0);
	add("a2", A, true, 0);
	is(found(), SPAN("aa"), "also when both are new");
}

static void
test_later_keys(void)
{
	begin();
	add("a1", A, true, 1);
	add("a2", A, true, 2);
	add("b1", B, true, 2);
	add("b2", B, true, 1);
	is(found(), SPAN("llll"), "the next key tells them apart");
	ok(p[3].with == 0 && p[2].with == 1, "each its own");
	begin();
	add("a1", A, true, 1);
	add("a2", A, true, 0);
	add("b1", B, true, 1);
	is(found(), SPAN("lrl"), "who is left goes to review");
	begin();
	add("a1", A, true, 1);
	add("a2", A, true, 1);
	add("b1", B, true, 1);
	is(found(), SPAN("rrr"), "the next key may not tell them apart");
	begin();
	add("a", A, false, 1);
	add("b1", B, true, 2);
	add("b2", B, true, 2);
	is(found(), SPAN("-rr"), "nor may it contradict");
}

/* Verdicts do not depend on the order they are met in. */
static void
test_order(void)
{
	for (unsigned seed = 0; seed < 2000; seed++) {
		struct party shuffled[8], was[8];
		bool same = true;
		size_t count = 2 + seed % 5;

		srand(seed);
		begin();
		for (size_t i = 0; i < count; i++) {
			static char uid[8][2];

			uid[i][0] = (char)('a' + i);
			add(uid[i], 1u << (rand() % 3), rand() % 3 > 0,
			    (uint64_t)(rand() % 3));
		}
		memcpy(shuffled, p, sizeof p);
		found();
		memcpy(was, p, sizeof p);
		for (size_t i = 0; i < count; i++)
			p[i] = shuffled[count - 1 - i];
		found();
		for (size_t i = 0; i < count; i++)
			same &= was[i].finding == p[count - 1 - i].finding;
		if (!same) {
			ok(false, "the order does not matter, seed %u", seed);
			return;
		}
	}
	ok(true, "the order does not matter: 2000 cases");
}

static void
test_twice(void)
{
	begin();
	add("a", A, true, 0);
	add("b", A, false, 0);
	add("c", A, true, 0);
	identify_twice(p, n, false);
	ok(!p[1].finding && p[0].finding == FOUND_REVIEW && p[2].finding ==
	    FOUND_REVIEW, "who is known is first, whatever the uid");
	begin();
	add("a", A, true, 0);
	add("c", A, true, 0);
	identify_twice(p, n, true);
	ok(!p[0].finding && p[1].finding == FOUND_TWICE && p[1].with == 0,
	    "else the lesser uid; the other is left out");
}

static void
test_ask(void)
{
	begin();
	add("a", A, true, 0);
	add("b", B, true, 0);
	add("c", B, false, 0);
	identify_ask(p, n);
	ok(p[0].finding == FOUND_REVIEW && p[1].finding == FOUND_REVIEW &&
	    !p[2].finding, "nobody is joined, all that are open are asked");
	begin();
	add("a", A, true, 0);
	add("b", A, false, 0);
	identify_ask(p, n);
	ok(p[0].finding == FOUND_ALONE, "nobody of another system: alone");
}

/* It is there, but nobody could use it. */
static void
add_blind(const char *uid, uint64_t systems)
{
	add(uid, systems, false, 0);
	p[n - 1].blind = true;
}

static void
test_blind(void)
{
	begin();
	add_blind("a", A);
	add("b", B, true, 0);
	is(found(), SPAN("-a"), "nobody is joined to one that is not usable");
	begin();
	add_blind("a", A);
	add("b", B, true, 0);
	add("c", C, true, 0);
	is(found(), SPAN("-ll"), "others beside it are joined");
	ok(p[2].with == 1 && p[1].systems == (B | C), "to one of them");
	begin();
	add("a", A, true, 0);
	add_blind("b", A);
	add("c", B, true, 0);
	is(found(), SPAN("r-r"), "but in its system it is one more");
	begin();
	add("a", A, false, 0);
	add_blind("b", B);
	add("c", B, true, 0);
	is(found(), SPAN("--r"), "than may be what is known");
	begin();
	add_blind("a", A);
	add_blind("b", A);
	add("c", B, true, 0);
	add("d", C, true, 0);
	is(found(), SPAN("--rr"), "two of them are two");
}

/* It came with a uid that no record has (any more). */
static void
add_stranger(const char *uid, uint64_t systems)
{
	add(uid, systems, false, 0);
	p[n - 1].stranger = true;
}

static void
test_strangers(void)
{
	begin();
	add("a", A, true, 0);
	add_stranger("b", B);
	is(found(), SPAN("l-"), "a new one is joined to a stranger");
	ok(p[0].with == 1, "who has a uid");
	begin();
	add_stranger("a", A);
	add("b", B, false, 0);
	add("c", C, true, 0);
	is(found(), SPAN("l-l"), "and both to one that is known");
	ok(p[0].with == 1 && p[2].with == 1, "which has one, too");
	begin();
	add_stranger("a", A);
	add_stranger("b", B);
	is(found(), SPAN("--"), "two strangers were two");
	begin();
	add_stranger("a", A | B);
	add("b", B, false, 0);
	is(found(), SPAN("--"), "who stands there already is another");
}

int
main(void)
{
	test_pairs();
	test_ambiguous();
	test_later_keys();
	test_order();
	test_twice();
	test_ask();
	test_blind();
	test_strangers();
	return tap_done();
}
