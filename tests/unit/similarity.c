/* SPDX-License-Identifier: MIT */
/* similarity: known values, and that neither side comes first. */
#include "similarity.h"

#include "tap.h"

static void
test_jaro(void)
{
	static const struct { const char *a, *b; int from, to; } t[] = {
		/* Winkler's own examples */
		{ "martha", "marhta", 955, 965 },
		{ "dwayne", "duane", 835, 845 },
		{ "dixon", "dicksonx", 805, 815 },
		{ "jones", "johnson", 830, 834 },
		{ "abc", "xyz", 0, 0 }, { "", "", 1000, 1000 },
		{ "", "a", 0, 0 }, { "a", "a", 1000, 1000 },
		{ "a", "b", 0, 0 }, { "same", "same", 1000, 1000 },
	};

	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		struct span a = span_str(t[i].a), b = span_str(t[i].b);
		int n = similarity_jaro(a, b);

		ok(n >= t[i].from && n <= t[i].to, "%s, %s: %d", t[i].a,
		    t[i].b, n);
		ok(similarity_jaro(b, a) == n, "the same the other way round");
	}
}

static void
test_edits(void)
{
	static const struct { const char *a, *b; int most, want; } t[] = {
		{ "smith", "smith", 2, 0 }, { "smith", "smyth", 2, 1 },
		{ "smith", "smit", 2, 1 }, { "smith", "smiths", 2, 1 },
		{ "smith", "simth", 2, 1 }, { "smith", "msiht", 2, 2 },
		{ "smith", "jones", 2, 3 }, { "smith", "smithson", 2, 3 },
		{ "ca", "abc", 3, 3 }, { "", "ab", 2, 2 }, { "", "", 0, 0 },
		{ "19450403", "19450493", 1, 1 }, { "a", "b", 0, 1 },
	};

	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		struct span a = span_str(t[i].a), b = span_str(t[i].b);

		ok(similarity_edits(a, b, t[i].most) == t[i].want,
		    "%s, %s: %d edits", t[i].a, t[i].b, t[i].want);
		ok(similarity_edits(b, a, t[i].most) == t[i].want,
		    "the same the other way round");
	}
}

/* Longer than counts: no byte beyond is looked at. */
static void
test_long(void)
{
	char a[200], b[200];

	memset(a, 'x', sizeof a);
	memset(b, 'x', sizeof b);
	b[SIMILARITY_MOST] = 'y';
	ok(similarity_edits(span_of(a, 200), span_of(b, 200), 1) == 0,
	    "what is beyond does not count");
	b[SIMILARITY_MOST - 1] = 'y';
	ok(similarity_edits(span_of(a, 200), span_of(b, 199), 1) == 1,
	    "the last that counts does");
	ok(similarity_jaro(span_of(a, 200), span_of(a, 100)) == 1000,
	    "as alike as what counts");
}

int
main(void)
{
	test_jaro();
	test_edits();
	test_long();
	return tap_done();
}
