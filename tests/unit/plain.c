/* SPDX-License-Identifier: MIT */
/*
 * A line taken apart by its bytes says what the parser says of it; whatever is
 * done to a line, one that is broken is never taken for a plain one.
 */
#include "../../src/crm-resolve/plain.c"

#include "json.h"
#include "tap.h"

#define ROUNDS 400000

static struct entity_field fields[] = {
	{ .name = { "name", 4 } }, { .name = { "tags", 4 } },
	{ .name = { "arr", 3 } }, { .name = { "owner", 5 } },
	{ .name = { "named", 5 } }, { .name = { "open", 4 } } };
#define FIELDS (sizeof fields / sizeof *fields)
static struct entity entity = { .fields = fields, .field_count = FIELDS };
static const struct policy policy = { .entity = &entity };

static const char *const lines[] = {
	"{\"type\":\"change\",\"entity\":\"thing\",\"system\":\"app\","
	"\"object\":\"thing\",\"id\":\"a\xc3\xa4 1\",\"op\":\"create\","
	"\"modified\":\"2026-11-20T12:00:00.000Z\",\"version\":\"7.1\","
	"\"hash\":\"00ff\",\"fields\":{\"name\":{\"new\":\"\xe6\x9d\xb1 &\"},"
	"\"tags\":{\"new\":[\"a\",\"b\\n\\\"\\ud83d\\ude00\"]},"
	"\"arr\":{\"new\":-10.50},"
	"\"owner\":{\"new\":{\"ref\":\"user\",\"id\":\"7\"}},"
	"\"open\":{\"new\":true}}}",
	"{\"type\":\"change\",\"entity\":\"thing\",\"system\":\"app\","
	"\"object\":\"thing\",\"id\":\"b\",\"stamp\":\"hub:t:1\","
	"\"op\":\"create\",\"fields\":{\"name\":{\"new\":null},"
	"\"tags\":{\"new\":[]},\"arr\":{\"new\":0},\"named\":{\"new\":\"\"},"
	"\"open\":{\"new\":false}}}",
	("{\"type\":\"change\",\"system\":\"app\",\"id\":\"c\","
	"\"op\":\"create\",\"fields\":{}}") };

static uint64_t seed = 1;
static struct json json;
static struct arena arena;

static uint32_t
any(size_t below)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)((seed >> 33) % below);
}

static bool
member_is(const char *name, struct span said)
{
	uint32_t node = json_get(&json, 0, span_str(name));

	return node ? json_kind(&json, node) == JSON_STRING &&
	    span_eq(json_string(&json, node, &arena), said) : !said.ptr;
}

/* What the parser says of the fields is all that was said, and no more. */
static bool
fields_are(const struct span *said)
{
	uint32_t object = json_get(&json, 0, SPAN("fields"));
	size_t found = 0, more = 0;

	for (JSON_EACH(&json, object, key, value)) {
		size_t i = 0;
		uint32_t new = json_get(&json, value, SPAN("new"));

		while (i < FIELDS && !json_is(&json, key, fields[i].name))
			i++;
		if (i == FIELDS || !new ||
		    json.nodes[value].next != json.nodes[new].next ||
		    !span_eq(json_text(&json, new), said[i]))
			return false;
		found++;
	}
	for (size_t i = 0; i < FIELDS; i++)
		more += said[i].ptr != NULL;
	return found == more;
}

/* 1: plain, and right; 0: not plain; -1: plain, and wrong. */
static int
look(struct span text)
{
	struct span said[FIELDS] = { { NULL, 0 } };
	struct plain l;
	struct err e;

	arena_reset(&arena);
	if (!plain_create(&policy, text, &l, said)) {
		for (size_t i = 0; i < FIELDS; i++)
			if (said[i].ptr)
				return -1;
		return 0;
	}
	return json_parse(&json, text, &e) == RC_OK &&
	    member_is("type", SPAN("change")) && member_is("op", l.op) &&
	    member_is("entity", l.entity) && member_is("system", l.system) &&
	    member_is("object", l.object) && member_is("id", l.id) &&
	    member_is("uid", l.uid) && member_is("stamp", l.stamp) &&
	    member_is("version", l.version) &&
	    member_is("modified", l.modified) && member_is("hash", l.hash) &&
	    fields_are(said) ? 1 : -1;
}

/* ---- what a line may say besides ---- */

#define HEAD "{\"type\":\"change\",\"system\":\"app\",\"id\":\"c\"," \
	"\"op\":\"create\""
#define FIELDS_TEXT "\"fields\":{\"name\":{\"new\":\"x\"}}"

/* They are read by the parser: one that is passed over would be lost. */
static const char *const members[] = {
	"\"times\":{\"name\":\"2026-11-20T12:00:00.000Z\"}",
	"\"times\":{}",
	"\"waiting\":true", "\"waiting\":false",
	"\"unknown\":true", "\"unknown\":\"yes\"",
	"\"base\":7", "\"base\":\"7\"", "\"absent\":true",
	"\"merged_into\":\"d\"", "\"deleted\":true",
	"\"copied\":true", "\"stamp\":true", "\"stamp\":null",
	"\"uid\":null", "\"uid\":{}", "\"doubt\":true",
	"\"flight\":\"x\"", "\"matched\":1", "\"score\":0.9",
	"\"new\":\"\"" };

/* What else may stand beside a field's new value. */
static const char *const beside[] = { "\"old\":\"y\"",
	"\"time\":\"2026-11-20T12:00:00.000Z\"", "\"waiting\":true" };

static bool
is_parsed(const char *lead, const char *what, const char *rest)
{
	char text[512];
	struct err e;

	snprintf(text, sizeof text, "%s%s%s", lead, what, rest);
	return look(span_str(text)) == 0 &&
	    json_parse(&json, span_str(text), &e) == RC_OK;
}

static void
test_members(void)
{
	for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
		ok(is_parsed(HEAD ",", members[i], "," FIELDS_TEXT "}"),
		    "%s before the fields is parsed", members[i]);
		ok(is_parsed(HEAD "," FIELDS_TEXT ",", members[i], "}"),
		    "%s after the fields is parsed", members[i]);
	}
	for (size_t i = 0; i < sizeof beside / sizeof *beside; i++) {
		ok(is_parsed(HEAD ",\"fields\":{\"name\":{\"new\":\"x\",",
		    beside[i], "}}}"), "%s after a value", beside[i]);
		ok(is_parsed(HEAD ",\"fields\":{\"name\":{", beside[i],
		    ",\"new\":\"x\"}}}"), "%s before a value", beside[i]);
	}
	ok(look(span_str(HEAD "," FIELDS_TEXT "}")) == 1,
	    "without any of them it is plain");
}

/* A piece of it is lost, doubled or another, or a byte is. */
static struct span
spoiled(const char *line, char *text)
{
	static const char bytes[] = "\"\\{}[],:0-1.eE \t\n\x01\x80\xc3\xff"
	    "nulltruefalse";
	size_t len = strlen(line), from = any(len), n = any(len - from) % 40;

	memcpy(text, line, len);
	switch (any(4)) {
	case 0:
		text[from] = bytes[any(sizeof bytes)];
		return span_of(text, len);
	case 1:
		memmove(text + from, text + from + n, len - from - n);
		return span_of(text, len - n);
	case 2:
		memmove(text + from + n, line + from, len - from);
		return span_of(text, len + n);
	default:
		memcpy(text + from, line + any(len - n), n);
		return span_of(text, len);
	}
}

int
main(void)
{
	char text[2048];
	size_t wrong = 0, plain = 0;

	json_init(&json);
	arena_init(&arena);
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		ok(look(span_str(lines[i])) == 1, "line %zu is plain", i);
	test_members();
	for (size_t i = 0; i < ROUNDS; i++) {
		int is = look(spoiled(lines[any(sizeof lines /
		    sizeof *lines)], text));

		wrong += is < 0;
		plain += is > 0;
	}
	ok(wrong == 0 && plain > ROUNDS / 100, "%zu of %d spoiled lines are "
	    "plain, and right", plain, ROUNDS);
	json_free(&json);
	arena_free(&arena);
	return tap_done();
}
