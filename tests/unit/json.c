/* SPDX-License-Identifier: MIT */
/* json_parse lists what is there; the json_get family reads it. */
#include <stdlib.h>

#include "json.h"
#include "tap.h"

static struct json json;
static struct arena arena;
static struct err err;

static bool
parse(const char *text)
{
	bool good = json_parse(&json, span_str(text), &err) == RC_OK;

	if (!good)
		printf("# %s: %s\n", text, err.text);
	return good;
}

static void
test_scalars(void)
{
	static const struct {
		const char *text;
		enum json_kind kind;
	} good[] = {
		{ "null", JSON_NULL }, { "true", JSON_TRUE },
		{ "false", JSON_FALSE }, { "\"\"", JSON_STRING },
		{ "[]", JSON_ARRAY }, { "{}", JSON_OBJECT },
		{ "0", JSON_NUMBER }, { "-0", JSON_NUMBER },
		{ "0.0", JSON_NUMBER }, { "1e400", JSON_NUMBER },
		{ "1E+2", JSON_NUMBER }, { "1e-2", JSON_NUMBER },
		{ "0e0", JSON_NUMBER }, { "1e05", JSON_NUMBER },
		{ "12345678901234567890123456789.000000000000000000001",
		    JSON_NUMBER },
		{ "-9007199254740993", JSON_NUMBER },
	};
	struct span want;
	char spaced[128];
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		want = span_str(good[i].text);
		ok(parse(good[i].text) && json.count == 1 &&
		    json_kind(&json, 0) == good[i].kind, "%s", good[i].text);
		is(json_text(&json, 0), want, "its text is kept");
		snprintf(spaced, sizeof(spaced), " \t\r\n%s\n\r\t ",
		    good[i].text);
		ok(parse(spaced) && span_eq(json_text(&json, 0), want),
		    "white space around it is not part of it");
	}
}

static void
test_nodes(void)
{
	static const uint32_t next[] = { 12, 2, 3, 4, 8, 6, 7, 8, 9, 10, 11, 12
	};
	uint32_t i;

	/*         0 1   2 3   4 5 6   7       8   9  10  11 */
	ok(parse("{\"a\":1,\"b\":[2,{},[]],\"c\":\"x\",\"d\":null}") &&
	    json.count == 12, "twelve nodes");
	ok(json.nodes[4].kind == JSON_ARRAY && json.nodes[4].next == 8,
	    "an array's next is after its items");
	for (i = 0; i < 12; i++)
		ok(json.nodes[i].next == next[i], "next of node %u", i);
	is(json_text(&json, 4), SPAN("[2,{},[]]"), "an array's text");
	is(json_inner(&json, 9), SPAN("x"), "a string's inside");
}

static void
test_walk(void)
{
	uint32_t seen = 0, items = 0, list;

	ok(parse("{\"a\":{\"x\":[]},\"b\":[1,[2,3],{\"y\":4}],\"c\":0}"),
	    "nested");
	for (JSON_EACH(&json, 0, key, value)) {
		ok(json_kind(&json, key) == JSON_STRING &&
		    value == key + 1, "key %u", key);
		seen++;
	}
	ok(seen == 3, "three members, none of the inner ones");
	list = json_get(&json, 0, SPAN("b"));
	for (JSON_ITEMS(&json, list, item))
		items++;
	ok(items == 3, "three items, none of the inner ones");
	ok(parse("[]"), "an empty array");
	for (JSON_ITEMS(&json, 0, item))
		items++;
	ok(items == 3, "has no items");
}

static void
test_get(void)
{
	uint32_t inner;

	ok(parse("{\"n\":42,\"s\":\"plain\",\"e\":\"a\\n\\u00e4\","
	    "\"\\u006b\":\"escaped key\",\"t\":true,\"f\":false,\"o\":"
	    "{\"deep\":1},\"z\":\"\\u0000\",\"\":\"empty\",\"u\":null}"),
	    "an object");
	ok(json_get(&json, 0, SPAN("missing")) == 0, "absent is 0");
	ok(json_get(&json, 0, SPAN("deep")) == 0, "not from inside");
	ok(json_get(&json, 0, SPAN("plain")) == 0, "values are no keys");
	is(json_get_string(&json, 0, SPAN("s"), &arena), SPAN("plain"),
	    "a plain string");
	is(json_get_string(&json, 0, SPAN("e"), &arena),
	    SPAN("a\n\xc3\xa4"), "an escaped one");
	is(json_get_string(&json, 0, SPAN("k"), &arena), SPAN("escaped key"),
	    "by an escaped key");
	is(json_get_string(&json, 0, SPAN(""), &arena), SPAN("empty"),
	    "by the empty key");
	is(json_get_string(&json, 0, SPAN("z"), &arena), SPAN("\0"),
	    "NUL is a character");
	ok(json_get_string(&json, 0, SPAN("n"), &arena).ptr == NULL,
	    "a number is no string");
	ok(json_get_string(&json, 0, SPAN("x"), &arena).ptr == NULL,
	    "nor is what is absent");
	ok(json_get_true(&json, 0, SPAN("t")), "true");
	ok(!json_get_true(&json, 0, SPAN("f")), "false");
	ok(!json_get_true(&json, 0, SPAN("n")), "42 is not true");
	ok(!json_get_true(&json, 0, SPAN("x")), "nor is what is absent");
	inner = json_get(&json, 0, SPAN("o"));
	ok(json_get_int(&json, inner, SPAN("deep"), 0) == 1, "from inside");
	ok(json_get(&json, json_get(&json, 0, SPAN("n")), SPAN("x")) == 0,
	    "a number has no members");
}

/* Any order, absent names between, nested members of the same names. */
static void
test_get_next(void)
{
	static const struct {
		struct span name;
		int64_t want;
	} asked[] = {
		{ { "a", 1 }, 1 }, { { "b", 1 }, 2 }, { { "x", 1 }, -1 },
		{ { "d", 1 }, 4 }, { { "d", 1 }, 4 }, { { "a", 1 }, 1 },
		{ { "c", 1 }, -1 }, { { "z", 1 }, -1 }, { { "d", 1 }, 4 },
		{ { "b", 1 }, 2 }, { { "", 0 }, -1 }, { { "x", 1 }, -1 },
	};
	uint32_t at = 0, node, stale = 9999;
	size_t i;

	ok(parse("{\"a\":1,\"\\u0062\":2,\"c\":{\"d\":9,\"x\":8,"
	    "\"z\":[{\"a\":7}]},\"d\":4}"), "an object");
	for (i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
		node = json_get_next(&json, 0, asked[i].name, &at);
		ok(node == json_get(&json, 0, asked[i].name), "asked: %zu", i);
		ok(json_get_int(&json, 0, asked[i].name, -1) == asked[i].want,
		    "found: %.*s", SPAN_ARG(asked[i].name));
	}
	ok(json_get_next(&json, 0, SPAN("a"), &stale) == 2, "out of range");
	ok(parse("{}"), "an empty object");
	at = 0;
	ok(json_get_next(&json, 0, SPAN("a"), &at) == 0 &&
	    json_get_next(&json, 0, SPAN("a"), &at) == 0, "has nothing");
	ok(parse("[\"a\",1]") && json_get_next(&json, 0, SPAN("a"), &at) == 0,
	    "nor has an array");
}

static void
test_int(void)
{
	static const struct {
		const char *text;
		int64_t want;
	} ints[] = {
		{ "{\"n\":0}", 0 }, { "{\"n\":-0}", 0 },
		{ "{\"n\":7}", 7 }, { "{\"n\":-7}", -7 },
		{ "{\"n\":9223372036854775807}", INT64_MAX },
		{ "{\"n\":-9223372036854775808}", INT64_MIN },
		{ "{\"n\":9223372036854775808}", -1 },
		{ "{\"n\":-9223372036854775809}", -1 },
		{ "{\"n\":18446744073709551616}", -1 },
		{ "{\"n\":99999999999999999999999}", -1 },
		{ "{\"n\":1.0}", -1 }, { "{\"n\":1e3}", -1 },
		{ "{\"n\":\"1\"}", -1 }, { "{\"n\":null}", -1 },
		{ "{}", -1 }, { "[1]", -1 }, { "1", -1 },
	};
	size_t i;

	for (i = 0; i < sizeof(ints) / sizeof(ints[0]); i++)
		ok(parse(ints[i].text) && json_get_int(&json, 0, SPAN("n"),
		    -1) == ints[i].want, "integer of %s", ints[i].text);
}

static void
test_is(void)
{
	ok(parse("[\"ab\",\"a\\u0062\",\"\\ud83d\\ude00\",1,\"\"]"), "strings");
	ok(json_is(&json, 1, SPAN("ab")), "plain equals");
	ok(!json_is(&json, 1, SPAN("a")), "not a prefix");
	ok(!json_is(&json, 1, SPAN("abc")), "not what it is a prefix of");
	ok(json_is(&json, 2, SPAN("ab")), "escaped equals");
	ok(!json_is(&json, 2, SPAN("a")), "not a prefix");
	ok(!json_is(&json, 2, SPAN("abc")), "not what it is a prefix of");
	ok(!json_is(&json, 2, SPAN("a\\u0062")), "not its own text");
	ok(json_is(&json, 3, SPAN("\xf0\x9f\x98\x80")), "a pair");
	ok(!json_is(&json, 4, SPAN("1")), "a number is no string");
	ok(json_is(&json, 5, SPAN("")), "empty");
	ok(json_is(&json, 5, span_of(NULL, 0)), "empty without an address");
}

static void
test_string(void)
{
	ok(parse("[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\",\"\\u0041\\u00e9\\u20ac"
	    "\\uD83D\\uDE00\\uffff\",\"x\\\\\",\"\\u0000\\u001f\"]"),
	    "all escapes");
	is(json_string(&json, 1, &arena), SPAN("\"\\/\b\f\n\r\t"), "letters");
	is(json_string(&json, 2, &arena), SPAN("A\xc3\xa9\xe2\x82\xac"
	    "\xf0\x9f\x98\x80\xef\xbf\xbf"), "code points of every length");
	is(json_string(&json, 3, &arena), SPAN("x\\"), "ending in one");
	is(json_string(&json, 4, &arena), SPAN("\0\x1f"), "controls");
}

/* Names a hash cannot tell apart at a glance. */
static void
test_many_names(void)
{
	char *text = malloc(200000), name[32];
	size_t n = 0, i, wrong = 0;
	uint32_t node;

	text[n++] = '{';
	for (i = 0; i < 5000; i++)
		n += (size_t)snprintf(text + n, 64, "%s\"field_%zu_x\":%zu",
		    i ? "," : "", i, i);
	text[n++] = '}';
	text[n] = '\0';
	ok(parse(text), "5,000 members");
	for (i = 0; i < 5000; i++) {
		snprintf(name, sizeof(name), "field_%zu_x", i);
		node = json_get(&json, 0, span_str(name));
		wrong += !node || json_get_int(&json, 0, span_str(name), -1) !=
		    (int64_t)i;
		snprintf(name, sizeof(name), "field_%zu_y", i);
		wrong += json_get(&json, 0, span_str(name)) != 0;
	}
	ok(wrong == 0, "each found by its name, no other");
	free(text);
}

int
main(void)
{
	json_init(&json);
	arena_init(&arena);
	ok(json_get(&json, 0, SPAN("x")) == 0, "nothing parsed, nothing there");
	test_scalars();
	test_nodes();
	test_walk();
	test_get();
	test_get_next();
	test_int();
	test_is();
	test_string();
	test_many_names();
	arena_free(&arena);
	json_free(&json);
	return tap_done();
}
