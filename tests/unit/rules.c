/* SPDX-License-Identifier: MIT */
#include "../../src/crm-resolve/rules.c"

#include "scratch.h"
#include "tap.h"

static struct policy_system systems[3] = {
	{ .name = { "app", 3 }, .id = 10 },
	{ .name = { "hub", 3 }, .id = 11 },
	{ .name = { "third", 5 }, .id = 12 } };
static const struct policy policy = { .systems = systems,
	.system_count = 3 };
static struct span prefer[2] = { { "hub", 3 }, { "app", 3 } };

/* Three candidates; app's, hub's and third's. */
static size_t
pick(enum field_rule rule, bool first, const char *const values[3],
    const int64_t times[3], const char **name)
{
	struct entity_field f = { .rule = rule };
	struct candidate c[3];

	if (rule == RULE_PREFER || rule == RULE_FIRST) {
		f.prefer = prefer;
		f.prefer_count = 2;
	}
	for (uint32_t i = 0; i < 3; i++)
		c[i] = (struct candidate){ .system = 10 + i,
			.value = span_str(values[i]), .time = times[i] };
	return rules_pick(&policy, &f, first, c, 3, name);
}

static void
wins(enum field_rule rule, size_t want, const char *a, const char *b,
    const char *c, const char *what)
{
	const char *const values[] = { a, b, c }, *name;
	const int64_t times[] = { 100, 200, 300 };

	ok(pick(rule, false, values, times, &name) == want, "%s", what);
}

static void
test_rules(void)
{
	wins(RULE_LATEST, 2, "\"a\"", "\"b\"", "\"c\"", "latest");
	wins(RULE_LATEST, 2, "\"a\"", "\"b\"", "null", "also if it clears");
	wins(RULE_PREFER, 1, "\"a\"", "\"b\"", "\"c\"", "preferred");
	wins(RULE_FIRST, 1, "\"a\"", "\"b\"", "\"c\"", "first");
	wins(RULE_LONGEST, 0, "\"abc\"", "\"b\"", "\"c\"", "longest");
	wins(RULE_MAX, 1, "9", "10", "-11", "max counts as numbers");
	wins(RULE_MAX, 0, "0.30000000000000000001", "0.3", "0.2999",
	    "beyond a double");
	wins(RULE_MAX, 1, "null", "-1", "null", "null is no max");
	wins(RULE_MIN, 2, "9", "10", "-11", "min");
	wins(RULE_MIN, 1, "null", "5", "null", "null is no min");
	wins(RULE_MAX, 1, "\"2026-01-02\"", "\"2026-11-01\"",
	    "\"2025-12-31\"", "dates");
	wins(RULE_MANUAL, RULES_MANUAL, "1", "2", "3", "manual");
}

static void
test_first(void)
{
	const char *const values[] = { "\"a\"", "\"b\"", "\"c\"" }, *name;
	const int64_t times[] = { 1, 2, 3 };

	ok(pick(RULE_LATEST, true, values, times, &name) == RULES_MANUAL,
	    "without a base nobody wins by time");
	ok(pick(RULE_PREFER, true, values, times, &name) == 1 &&
	    strcmp(name, "first") == 0, "but the preferred does");
	prefer[0] = prefer[1] = SPAN("nobody");
	ok(pick(RULE_PREFER, true, values, times, &name) == RULES_MANUAL,
	    "none of them is preferred: a person");
	ok(pick(RULE_PREFER, false, values, times, &name) == 2,
	    "with a base the latest");
	prefer[0] = SPAN("hub");
	prefer[1] = SPAN("app");
}

/* Whatever the order, the same one wins. */
static void
test_order(void)
{
	static const enum field_rule rules[] = { RULE_LATEST, RULE_PREFER,
		RULE_FIRST, RULE_LONGEST, RULE_MAX, RULE_MIN };
	static const char *const values[] = { "null", "1", "2", "10", "-3",
		"7.50", "123456789012345678901234567890" };
	static const size_t turns[6][3] = { { 0, 1, 2 }, { 0, 2, 1 },
		{ 1, 0, 2 }, { 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 } };
	uint64_t seed = 7;
	bool same = true;

	for (int n = 0; n < 20000 && same; n++) {
		struct entity_field f = { .rule = rules[n % 6],
			.prefer = prefer, .prefer_count = (size_t)n % 3 };
		struct candidate c[3], t[3];
		size_t first = scratch_random(&seed) % 7, at;
		struct span winner = { NULL, 0 };
		const char *name;

		for (uint32_t i = 0; i < 3; i++)
			c[i] = (struct candidate){ .system = 10 + i,
				.value = span_str(values[(first + i *
				    (1 + n % 2)) % 7]),
				.time = scratch_random(&seed) % 2 };
		for (size_t k = 0; k < 6; k++) {
			for (size_t i = 0; i < 3; i++)
				t[i] = c[turns[k][i]];
			at = rules_pick(&policy, &f, n % 5 == 0, t, 3, &name);
			if (k == 0)
				winner = at == RULES_MANUAL ?
				    span_of(NULL, 0) : t[at].value;
			same &= span_eq(winner, at == RULES_MANUAL ?
			    span_of(NULL, 0) : t[at].value);
		}
	}
	ok(same, "the order of candidates does not matter");
}

static void
test_check(void)
{
	struct entity_field f = { .name = SPAN("tags"), .rule = RULE_LATEST };
	struct entity en = { .name = SPAN("person"), .fields = &f,
		.field_count = 1 };
	struct err e;

	ok(rules_check(&en, &e) == RC_OK, "a rule we know");
	f.rule = RULE_UNION;
	ok(rules_check(&en, &e) == RC_CONFIG, "one for later: %s", e.text);
}

int
main(void)
{
	test_rules();
	test_first();
	test_order();
	test_check();
	return tap_done();
}
