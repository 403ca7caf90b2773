/* SPDX-License-Identifier: MIT */
/* rules: which value stands, by rule; and what holds of every rule. */
#include "../../src/crm-resolve/answers.c"
#include "../../src/crm-resolve/command.c"
#include "../../src/crm-resolve/rules.c"
#include "../../src/crm-resolve/rule_append.c"
#include "../../src/crm-resolve/rule_ask.c"
#include "../../src/crm-resolve/rule_input.c"
#include "../../src/crm-resolve/rule_pick.c"
#include "../../src/crm-resolve/rule_union.c"

#include "scratch.h"
#include "tap.h"

static struct span prefer[2] = { { "hub", 3 }, { "app", 3 } };
static struct arena arena;
static struct err why;

static void
must(enum rc rc)
{
	if (rc) {
		printf("# %s\n", why.text);
		abort();
	}
}

/* Three candidates; app's, hub's and third's. */
static void
put_three(struct candidate c[3], const char *const values[3],
    const int64_t times[3])
{
	static const char *const names[] = { "app", "hub", "third" };

	for (uint32_t i = 0; i < 3; i++)
		c[i] = (struct candidate){ .system = 10 + i,
			.name = span_str(names[i]), .time = times[i],
			.value = span_str(values[i]) };
}

static struct verdict
judge(enum field_rule rule, bool first, const char *const values[3],
    const int64_t times[3])
{
	struct entity_field f = { .rule = rule };
	struct candidate c[3];
	struct dispute d = { .field = &f, .candidates = c, .count = 3,
		.agreed = record_null, .first = first, .arena = &arena };
	struct verdict v;

	if (rule == RULE_PREFER || rule == RULE_FIRST) {
		f.prefer = prefer;
		f.prefer_count = 2;
	}
	put_three(c, values, times);
	must(rules_decide(&d, &v, &why));
	return v;
}

static void
wins(enum field_rule rule, size_t want, const char *a, const char *b,
    const char *c, const char *what)
{
	const char *const values[] = { a, b, c };
	const int64_t times[] = { 100, 200, 300 };
	struct verdict v = judge(rule, false, values, times);

	ok(want == RULE_NONE ? v.review : !v.review &&
	    span_eq(v.value, span_str(values[want])) &&
	    v.system == 10 + want, "%s", what);
}

static void
test_rules(void)
{
	wins(RULE_LATEST, 2, "\"a\"", "\"b\"", "\"c\"", "latest");
	wins(RULE_LATEST, 2, "\"a\"", "\"b\"", "null", "also if it clears");
	wins(RULE_PREFER, 1, "\"a\"", "\"b\"", "\"c\"", "preferred");
	wins(RULE_PREFER, 1, "\"a\"", "\"a\"", "\"c\"",
	    "preferred, if another said the same before");
	wins(RULE_PREFER, 1, "\"a\"", "\"a\"", "\"a\"",
	    "of equal values it is the preferred system's");
	wins(RULE_FIRST, 1, "\"a\"", "\"b\"", "\"c\"", "first");
	wins(RULE_LONGEST, 0, "\"abc\"", "\"b\"", "\"c\"", "longest");
	wins(RULE_LONGEST, 1, "null", "\"b\"", "null", "null is no text");
	wins(RULE_LONGEST, 1, "\"\\n\\n\"", "\"bbb\"", "null",
	    "an escape is one character");
	wins(RULE_LONGEST, 1, "\"\xc3\xa9\xc3\xa9\"", "\"bbb\"", "null",
	    "characters, not bytes");
	wins(RULE_LONGEST, 1, "\"\\u0001\"", "\"bb\"", "null",
	    "as a code it is one too");
	wins(RULE_MAX, 1, "9", "10", "-11", "max counts as numbers");
	wins(RULE_MAX, 0, "0.30000000000000000001", "0.3", "0.2999",
	    "beyond a double");
	wins(RULE_MAX, 1, "null", "-1", "null", "null is no max");
	wins(RULE_MAX, 2, "false", "null", "true", "true is more than false");
	wins(RULE_MIN, 2, "9", "10", "-11", "min");
	wins(RULE_MIN, 1, "null", "5", "null", "null is no min");
	wins(RULE_MAX, 1, "\"2026-01-02\"", "\"2026-11-01\"",
	    "\"2025-12-31\"", "dates");
	wins(RULE_MANUAL, RULE_NONE, "1", "2", "3", "manual");
	wins(RULE_MANUAL, 2, "1", "1", "1", "unless all say the same");
}

static void
test_first(void)
{
	const char *const values[] = { "\"a\"", "\"b\"", "\"c\"" };
	const int64_t times[] = { 1, 2, 3 };
	struct verdict v = judge(RULE_PREFER, true, values, times);

	ok(v.system == 11 && strcmp(v.rule, "first") == 0,
	    "without a base the preferred wins");
	v = judge(RULE_LATEST, true, values, times);
	ok(v.review, "but nobody by time");
	prefer[0] = prefer[1] = SPAN("nobody");
	v = judge(RULE_PREFER, true, values, times);
	ok(v.review, "none of them is preferred: a person");
	v = judge(RULE_PREFER, false, values, times);
	ok(v.system == 12, "with a base the latest");
	prefer[0] = SPAN("hub");
	prefer[1] = SPAN("app");
}

/* ---- latest, where times say less ---- */

struct span_of_time {
	int64_t since, time;
	bool vague, exact;
};

static struct verdict
judge_times(const struct span_of_time t[3], bool ask, size_t prefers)
{
	struct entity_field f = { .rule = RULE_LATEST, .ask = ask,
		.prefer = prefer, .prefer_count = prefers };
	static const char *const values[] = { "1", "2", "3" };
	const int64_t times[] = { t[0].time, t[1].time, t[2].time };
	struct candidate c[3];
	struct dispute d = { .field = &f, .candidates = c, .count = 3,
		.agreed = record_null, .arena = &arena };
	struct verdict v;

	put_three(c, values, times);
	for (size_t i = 0; i < 3; i++) {
		c[i].since = t[i].since;
		c[i].vague = t[i].vague;
		c[i].exact = t[i].exact;
	}
	must(rules_decide(&d, &v, &why));
	return v;
}

static void
test_latest(void)
{
	static const struct span_of_time apart[] = { { 10, 20, false, false },
		{ 30, 40, false, false }, { 50, 60, false, false } };
	static const struct span_of_time overlap[] = { { 10, 20, false, false },
		{ 10, 40, false, false }, { 50, 60, false, false } };
	static const struct span_of_time two[] = { { 10, 55, false, false },
		{ 10, 20, false, false }, { 50, 60, false, false } };
	static const struct span_of_time vague[] = { { 10, 55, false, false },
		{ 10, 20, false, false }, { 0, 60, true, false } };

	ok(judge_times(apart, true, 0).system == 12,
	    "a change that was certainly last needs nobody");
	ok(judge_times(apart, false, 1).system == 12,
	    "nor does a preferred system count then");
	ok(judge_times(overlap, true, 0).system == 12,
	    "whatever overlaps before it");
	ok(judge_times(two, false, 0).system == 12,
	    "times that overlap: by the records' own");
	ok(judge_times(two, true, 0).review, "or a person, if he is to");
	ok(judge_times(two, false, 2).system == 10,
	    "or the system named, of those that may be the last");
	ok(judge_times(vague, false, 0).system == 10,
	    "an edit's own time beats one of our write");
}

/* Instants instead of intervals, as field.c gives them. */
static void
test_latest_exact(void)
{
	static const struct span_of_time points[] = { { 29, 30, false, true },
		{ 19, 20, false, true }, { 39, 40, false, true } };
	static const struct span_of_time inside[] = { { 10, 50, false, false },
		{ 0, 5, false, false }, { 39, 40, false, true } };
	static const struct span_of_time behind[] = { { 10, 39, false, false },
		{ 0, 38, true, false }, { 39, 40, false, true } };
	static const struct span_of_time tied[] = { { 39, 40, false, true },
		{ 0, 5, false, false }, { 39, 40, false, true } };
	static const struct span_of_time end[] = { { 10, 40, false, false },
		{ 39, 40, false, true }, { 0, 5, false, false } };

	ok(judge_times(points, true, 2).system == 12,
	    "of instants the last stands, and nobody is asked");
	ok(judge_times(inside, true, 0).review,
	    "an instant inside of an interval tells nothing");
	ok(judge_times(inside, false, 0).system == 10,
	    "then the later end counts");
	ok(judge_times(behind, true, 2).system == 12,
	    "one behind all of them does");
	ok(judge_times(tied, true, 0).review, "equal instants: a person");
	ok(judge_times(tied, false, 0).system == 12,
	    "or the values, whoever has them");
	ok(judge_times(end, false, 0).system == 11,
	    "the very end of an interval is not before it");
	ok(judge_times(points, false, 0).exact &&
	    !judge_times(inside, false, 0).exact,
	    "what stands is as exact as it was");
}

/* ---- whatever the rule ---- */

static const enum field_rule all_rules[] = { RULE_LATEST, RULE_PREFER,
	RULE_FIRST, RULE_LONGEST, RULE_MAX, RULE_MIN, RULE_APPEND, RULE_UNION };
#define RULES (sizeof all_rules / sizeof all_rules[0])

static const char *const numbers[] = { "null", "1", "2", "10", "-3", "7.50",
	"123456789012345678901234567890" };
static const char *const texts[] = { "null", "\"\"", "\"a\"", "\"a\\nb\"",
	"\"b\\na\"", "\"a\\nb\\nc\"", "\"\xc3\xa9\\n\"" };
static const char *const sets[] = { "null", "[]", "[\"a\"]",
	"[\"a\",\"b\"]", "[\"b\"]", "[\"c\"]", "[\"a\",\"b\",\"c\"]" };

struct random_case {
	struct entity_field f;
	struct candidate c[3];
	struct dispute d;
};

static void
draw(struct random_case *r, uint64_t *seed)
{
	static const char *const names[] = { "app", "hub", "third" };
	enum field_rule rule = all_rules[scratch_random(seed) % RULES];
	const char *const *values = rule == RULE_APPEND ? texts :
	    rule == RULE_UNION ? sets : numbers;

	r->f = (struct entity_field){ .rule = rule, .scale = -1,
		.type = rule == RULE_APPEND ? TYPE_TEXT :
		    rule == RULE_UNION ? TYPE_SET : TYPE_NUMBER,
		.prefer = prefer, .prefer_count = scratch_random(seed) % 3,
		.ask = scratch_random(seed) % 4 == 0 };
	for (uint32_t i = 0; i < 3; i++) {
		struct candidate *c = &r->c[i];

		*c = (struct candidate){ .system = 10 + i,
			.name = span_str(names[i]),
			.value = span_str(values[scratch_random(seed) % 7]),
			.time = 2 + scratch_random(seed) % 3 };
		if (scratch_random(seed) % 4)
			c->base = span_str(values[scratch_random(seed) % 7]);
		c->since = scratch_random(seed) % 4;
		c->vague = c->since >= c->time;
		c->since = c->vague ? 0 : c->since;
		c->exact = scratch_random(seed) % 3 == 0;
		if (c->exact)
			c->since = c->time - 1;
		c->vague &= !c->exact;
	}
	r->c[2].agreed = scratch_random(seed) % 2;
	r->d = (struct dispute){ .field = &r->f, .count = 3,
		.agreed = span_str(values[scratch_random(seed) % 7]),
		.first = scratch_random(seed) % 5 == 0, .arena = &arena };
	if (r->c[2].agreed)
		r->c[2].value = r->d.agreed;
}

static bool
same(const struct verdict *a, const struct verdict *b, bool also_system)
{
	return a->review == b->review && span_eq(a->value, b->value) &&
	    a->time == b->time && a->exact == b->exact &&
	    strcmp(a->rule, b->rule) == 0 &&
	    (!also_system || a->system == b->system);
}

static struct verdict
decided(const struct random_case *r, const struct candidate *c)
{
	struct candidate copy[3];
	struct dispute d = r->d;
	struct verdict v;

	memcpy(copy, c, sizeof copy);
	d.candidates = copy;
	must(rules_decide(&d, &v, &why));
	return v;
}

static void
test_order(void)
{
	static const size_t turns[6][3] = { { 0, 1, 2 }, { 0, 2, 1 },
		{ 1, 0, 2 }, { 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 } };
	uint64_t seed = 7;
	bool holds_always = true;

	for (int n = 0; n < 50000 && holds_always; n++) {
		struct random_case r;
		struct verdict want;

		arena_reset(&arena);
		draw(&r, &seed);
		want = decided(&r, r.c);
		for (size_t k = 1; k < 6; k++) {
			struct candidate t[3];
			struct verdict got;

			for (size_t i = 0; i < 3; i++)
				t[i] = r.c[turns[k][i]];
			got = decided(&r, t);
			holds_always &= same(&want, &got, true);
		}
	}
	ok(holds_always, "the order of candidates does not matter");
}

/* What is called app is called hub and the other way round, also in rules. */
static void
test_mirror(void)
{
	uint64_t seed = 11;
	bool holds_always = true;

	for (int n = 0; n < 50000 && holds_always; n++) {
		struct span other[2] = { prefer[1], prefer[0] };
		struct random_case r;
		struct verdict a, b;

		arena_reset(&arena);
		draw(&r, &seed);
		a = decided(&r, r.c);
		r.f.prefer = other;
		r.c[0].name = SPAN("hub");
		r.c[1].name = SPAN("app");
		b = decided(&r, r.c);
		holds_always &= same(&a, &b, false);
		if (!holds_always)
			printf("# %s %.*s, %s %.*s\n", a.rule,
			    SPAN_ARG(a.value), b.rule, SPAN_ARG(b.value));
	}
	ok(holds_always, "nor which system is called what");
}

/* The same systems with other numbers in state. */
static void
test_numbers(void)
{
	uint64_t seed = 13;
	bool holds_always = true;

	for (int n = 0; n < 50000 && holds_always; n++) {
		struct random_case r;
		struct verdict a, b;

		arena_reset(&arena);
		draw(&r, &seed);
		a = decided(&r, r.c);
		for (uint32_t i = 0; i < 3; i++)
			r.c[i].system = 20 - r.c[i].system;
		b = decided(&r, r.c);
		holds_always &= same(&a, &b, false) && (a.review ||
		    a.system == 20 - b.system);
	}
	ok(holds_always, "nor the numbers systems have in state");
}

static bool
contains(struct span text, struct span what)
{
	for (size_t i = 0; i + what.len <= text.len; i++)
		if (memcmp(text.ptr + i, what.ptr, what.len) == 0)
			return true;
	return false;
}

/* Again with what stands as agreed: nothing moves any more. */
static void
test_again(void)
{
	uint64_t seed = 17;
	bool holds_always = true;

	for (int n = 0; n < 50000 && holds_always; n++) {
		struct random_case r;
		struct verdict a, b;

		arena_reset(&arena);
		draw(&r, &seed);
		if (r.f.rule == RULE_APPEND)
			r.c[0].base = r.c[1].base = r.c[2].base = r.d.agreed;
		a = decided(&r, r.c);
		if (a.review || r.f.rule == RULE_LATEST ||
		    r.f.rule == RULE_UNION)
			continue;
		r.d.agreed = a.value;
		r.c[2] = (struct candidate){ .system = a.system,
			.name = r.c[a.system - 10].name, .value = a.value,
			.time = a.time, .agreed = true };
		b = decided(&r, r.c);
		if (r.f.rule == RULE_APPEND)
			holds_always &= b.value.len <= a.value.len;
		else
			holds_always &= span_eq(a.value, b.value);
		if (!holds_always)
			printf("# %s: %.*s then %.*s\n", a.rule,
			    SPAN_ARG(a.value), SPAN_ARG(b.value));
		for (int i = 0; i < 3 && !holds_always; i++)
			printf("# %lld: %.*s -> %.*s\n",
			    (long long)r.c[i].time, SPAN_ARG(r.c[i].base),
			    SPAN_ARG(r.c[i].value));
	}
	ok(holds_always, "decided again, the same stands");
}

/* ---- rules that make a value ---- */

struct change {
	const char *base, *value; /* value NULL: none */
};

/* What comes of a text or list and changes of app and hub, in this order. */
static struct verdict
makes_of(const struct entity_field *f, const char *agreed, struct change app,
    struct change hub)
{
	struct candidate c[2];
	struct dispute d = { .field = f, .candidates = c, .arena = &arena,
		.agreed = span_str(agreed) };
	const struct change changes[] = { app, hub };
	struct verdict v;

	for (uint32_t i = 0; i < 2; i++)
		if (changes[i].value)
			c[d.count++] = (struct candidate){ .system = 10 + i,
				.name = i ? SPAN("hub") : SPAN("app"),
				.time = 100 + i,
				.base = span_str(changes[i].base),
				.value = span_str(changes[i].value) };
	must(rules_decide(&d, &v, &why));
	return v;
}

static void
makes(const struct entity_field *f, const char *agreed, struct change app,
    struct change hub, const char *want, const char *what)
{
	struct verdict v = makes_of(f, agreed, app, hub);

	is(v.value, span_str(want), what);
}

#define CHANGE(base, value) ((struct change){ (base), (value) })

static void
test_union(void)
{
	struct entity_field set = { .type = TYPE_SET, .rule = RULE_UNION };
	struct entity_field json = { .type = TYPE_JSON, .rule = RULE_UNION };
	struct entity_field text = { .type = TYPE_TEXT, .rule = RULE_UNION,
		.separator = SPAN(", ") };

	makes(&set, "[\"a\"]", CHANGE("[\"a\"]", "[\"a\",\"c\"]"),
	    CHANGE("[\"a\"]", "[\"a\",\"b\"]"), "[\"a\",\"b\",\"c\"]",
	    "union: what both put in");
	makes(&set, "[\"a\",\"b\"]", CHANGE("[\"a\",\"b\"]", "[\"a\"]"),
	    CHANGE("[\"a\",\"b\"]", "[\"a\",\"b\",\"c\"]"), "[\"a\",\"c\"]",
	    "without what one took out");
	makes(&set, "[\"a\",\"x\"]", CHANGE("[\"a\"]", "[]"),
	    CHANGE("[\"a\"]", "[\"a\",\"b\"]"), "[\"b\",\"x\"]",
	    "what was not told to a side yet it did not take out");
	makes(&set, "[\"a\"]", CHANGE("[\"a\"]", "null"),
	    CHANGE("[]", "[\"a\",\"b\"]"), "[\"a\",\"b\"]",
	    "putting in beats taking out");
	makes(&set, "[\"a\"]", CHANGE(NULL, "[\"b\"]"), CHANGE(NULL, "[]"),
	    "[\"a\",\"b\"]", "without a base all is put in");
	makes(&set, "[\"a\",\"b\"]", CHANGE("[\"a\",\"b\"]", "[\"a\"]"),
	    CHANGE("[\"a\",\"b\"]", "[\"b\"]"), "[]",
	    "all may be taken out");
	makes(&json, "[3,{\"k\":1}]", CHANGE("[3,{\"k\":1}]", "[3,1]"),
	    CHANGE("[3,{\"k\":1}]", "[3,{\"k\":1},2]"), "[3,1,2]",
	    "a list keeps its order");
	makes(&text, "\"a, b\"", CHANGE("\"a, b\"", "\"b\""),
	    CHANGE("\"a, b\"", "\"a,b , c\""), "\"b, c\"",
	    "a text's items, whatever space is around them");
	makes(&text, "\"a\"", CHANGE("\"a\"", "null"),
	    CHANGE("\"a\"", "\" , \""), "null", "none of them left");
	ok(makes_of(&json, "1", CHANGE("1", "2"), CHANGE("1", "3"))
	    .review, "what is no list goes to a person");
}

static void
test_append(void)
{
	struct entity_field f = { .type = TYPE_TEXT, .rule = RULE_APPEND };
	struct verdict v;

	makes(&f, "\"A\"", CHANGE("\"A\"", "\"A\\nx\""),
	    CHANGE("\"A\"", "\"A\\ny\""), "\"A\\nx\\ny\"",
	    "append: both, the earlier first");
	makes(&f, "\"A\"", CHANGE("\"A\"", "\"x\\nA\""),
	    CHANGE("\"A\"", "\"y\\nA\""), "\"x\\ny\\nA\"",
	    "what is put in front too");
	makes(&f, "\"A\"", CHANGE("\"A\"", "\"x\\nA\""),
	    CHANGE("\"A\"", "\"A\\ny\""), "\"x\\nA\\ny\"",
	    "one in front, one behind");
	makes(&f, "null", CHANGE("null", "\"x\""), CHANGE("null", "\"y\""),
	    "\"x\\ny\"", "out of nothing, on lines of their own");
	makes(&f, "null", CHANGE(NULL, "\"x\""), CHANGE(NULL, "\"x\\ny\""),
	    "\"x\\ny\"", "what is there already is not put there again");
	makes(&f, "\"A\"", CHANGE("\"A\"", "\"A 5\""),
	    CHANGE("\"A\"", "\"A 50\""), "\"A 5 50\"",
	    "which a part of a word is not");
	makes(&f, "\"A\\nx\"", CHANGE("\"A\"", "\"A\\ny\""),
	    CHANGE(NULL, NULL), "\"A\\ny\"", "a change alone stands");
	makes(&f, "\"A\\nx\\ny\"", CHANGE("\"A\\nx\"", "\"A\\nx\\nz\""),
	    CHANGE("\"A\"", "\"A\\nw\""), "\"A\\nx\\ny\\nz\\nw\"",
	    "sides that had not been told all");
	makes(&f, "\"A\\nB\\nC\"", CHANGE("\"A\\nB\\nC\"", "\"A\\nb\\nC\""),
	    CHANGE("\"A\\nB\\nC\"", "\"A\\nB\\nC\\nd\""),
	    "\"A\\nb\\nC\\nd\"", "a line mended, another added");
	makes(&f, "\"A\\nB\\nC\"", CHANGE("\"A\\nB\\nC\"", "\"A\\nb\\nC\""),
	    CHANGE("\"A\\nB\\nC\"", "\"A\\n\xc3\x9f\\nC\""),
	    "\"A\\nb\\n\xc3\x9f\\nC\"", "one line mended twice: both");
	makes(&f, "\"A\\nB\\nC\"", CHANGE("\"A\\nB\\nC\"", "\"A\\nC\""),
	    CHANGE("\"A\\nB\\nC\"", "null"), "\"A\\nC\"",
	    "of two that take out the one that left more");
	makes(&f, "\"A\"", CHANGE("\"A\"", "null"),
	    CHANGE("\"A\"", "\"A\\nx\""), "\"x\"",
	    "what is added stays when all before it goes");
	f.max_length = 3;
	v = makes_of(&f, "\"A\"", CHANGE("\"A\"", "\"A\\nx\""),
	    CHANGE("\"A\"", "\"A\\ny\""));
	ok(v.review && v.why, "too long for the field: a person (%s)",
	    v.why ? v.why : "");
}

/* Any edits of lines: every line written is there once, in either order. */
static void
test_append_lines(void)
{
	uint64_t seed = 23;
	bool holds_always = true;

	for (int n = 0; n < 20000 && holds_always; n++) {
		struct entity_field f = { .type = TYPE_TEXT,
			.rule = RULE_APPEND };
		char base[64] = "\"", value[2][80];
		struct verdict v;
		int lines = (int)(scratch_random(&seed) % 4);

		arena_reset(&arena);
		for (int i = 0; i < lines; i++)
			snprintf(base + strlen(base), 16, "%sL%d",
			    i ? "\\n" : "", i);
		strcat(base, "\"");
		for (int s = 0; s < 2; s++) {
			bool front = scratch_random(&seed) % 2;

			snprintf(value[s], sizeof value[s], "\"%s%s%.*s%s%s\"",
			    front ? (s ? "hub" : "app") : "",
			    front && lines ? "\\n" : "",
			    (int)strlen(base) - 2, base + 1,
			    !front && lines ? "\\n" : "",
			    front ? "" : (s ? "hub" : "app"));
		}
		v = makes_of(&f, base, CHANGE(base, value[0]),
		    CHANGE(base, value[1]));
		holds_always = !v.review && contains(v.value, SPAN("app")) &&
		    contains(v.value, SPAN("hub")) && v.value.len ==
		    strlen(base) + 6 + (lines ? 4 : 2);
		if (!holds_always)
			printf("# %s + %s + %s: %.*s\n", base, value[0],
			    value[1], SPAN_ARG(v.value));
	}
	ok(holds_always, "every line is there, and once");
}

int
main(void)
{
	arena_init(&arena);
	test_rules();
	test_first();
	test_latest();
	test_latest_exact();
	test_order();
	test_mirror();
	test_numbers();
	test_again();
	test_union();
	test_append();
	test_append_lines();
	arena_free(&arena);
	return tap_done();
}
