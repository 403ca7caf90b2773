/* SPDX-License-Identifier: MIT */
/* match: which values are one key, and which are none. */
#include "match.h"

#include "tap.h"

static struct match_room room;

static struct entity_field
of(enum field_type type)
{
	return (struct entity_field){ .type = type };
}

/* The normal form, or "-" for none. */
static struct span
normal(enum field_type type, const char *value)
{
	struct entity_field f = of(type);

	buf_reset(&room.text);
	return match_normal(&f, span_str(value), &room) ?
	    buf_view(&room.text) : SPAN("-");
}

static void
test_forms(void)
{
	is(normal(TYPE_TEXT, "\" ACME  Inc.\\n\""), SPAN("acme inc."),
	    "text: case, blanks and line ends do not count");
	is(normal(TYPE_TEXT, "\"\xc3\x84RZTE\""), SPAN("\xc3\xa4rzte"),
	    "text: nor the case of other letters");
	is(normal(TYPE_ENUM, "\"Gold\""), SPAN("gold"), "enum: case");
	is(normal(TYPE_EMAIL, "\"a@x.org\""), SPAN("a@x.org"), "email");
	is(normal(TYPE_PHONE, "\"+49301234567\""), SPAN("301234567"),
	    "phone: with a country's lead");
	is(normal(TYPE_PHONE, "\"0301234567\""), SPAN("301234567"),
	    "phone: with a trunk's");
	is(normal(TYPE_PHONE, "\"+4930123456789\""), SPAN("123456789"),
	    "phone: only the tail of a long one");
	is(normal(TYPE_PHONE, "\"5551212 x7\""), SPAN("5551212 x7"),
	    "phone: an extension counts");
	is(normal(TYPE_PHONE, "\"ask  Tom\""), SPAN("ask tom"),
	    "phone: what is no number is a text");
	is(normal(TYPE_PHONE, "\"+\""), SPAN("+"), "phone: hardly anything");
	is(normal(TYPE_URL, "\"https://www.acme.com/\""), SPAN("acme.com"),
	    "url: without scheme, www and slash");
	is(normal(TYPE_URL, "\"acme.com/a/B\""), SPAN("acme.com/a/B"),
	    "url: a path as it is");
	is(normal(TYPE_DATETIME, "\"2026-11-20T10:11:12.123Z\""),
	    SPAN("2026-11-20T10:11:12"), "datetime: to the second");
	is(normal(TYPE_NUMBER, "12.5"), SPAN("12.5"), "a number");
	is(normal(TYPE_BOOLEAN, "false"), SPAN("false"), "false is a value");
}

static void
test_none(void)
{
	struct entity_field f = of(TYPE_TEXT);

	is(normal(TYPE_TEXT, "null"), SPAN("-"), "null is no key");
	is(normal(TYPE_TEXT, "\"\""), SPAN("-"), "nor is an empty text");
	is(normal(TYPE_TEXT, "\" \\t\""), SPAN("-"), "nor are blanks");
	is(normal(TYPE_SET, "[]"), SPAN("-"), "nor an empty set");
	is(normal(TYPE_URL, "\"http://\""), SPAN("-"), "nor a bare scheme");
	buf_reset(&room.text);
	ok(!match_normal(&f, span_of(NULL, 0), &room),
	    "nor what is not said");
}

static bool
hashed(const struct entity *en, size_t key, const char *a, const char *b,
    struct hash128 *h)
{
	struct span values[2] = { span_str(a), span_str(b) };

	return match_hash(en, key, values, &room, h);
}

static void
test_keys(void)
{
	struct entity_field fields[2] = { of(TYPE_TEXT), of(TYPE_TEXT) };
	size_t both[] = { 0, 1 }, first[] = { 0 };
	struct match_key keys[] = { { first, 1 }, { both, 2 } };
	struct entity en = { .fields = fields, .field_count = 2,
		.match = keys, .match_count = 2 };
	struct hash128 x, y;

	ok(hashed(&en, 1, "\"a\"", "\"b\"", &x) &&
	    hashed(&en, 1, "\"A \"", "\"B\"", &y) && hash128_eq(x, y),
	    "equivalent parts make one key");
	ok(hashed(&en, 1, "\"ab\"", "\"c\"", &x) &&
	    hashed(&en, 1, "\"a\"", "\"bc\"", &y) && !hash128_eq(x, y),
	    "parts do not run into one another");
	ok(!hashed(&en, 1, "\"a\"", "null", &x) &&
	    !hashed(&en, 1, "\"\"", "\"b\"", &x),
	    "a key with a part missing is none");
	ok(hashed(&en, 0, "\"a\"", "null", &x) &&
	    hashed(&en, 0, "\"a\"", "\"b\"", &y) && hash128_eq(x, y),
	    "what is no part does not count");
	fields[0].name = SPAN("name");
	fields[1].name = SPAN("country");
	buf_reset(&room.text);
	match_put_name(&room.text, &en, 1);
	is(buf_view(&room.text), SPAN("name+country"), "a key's name");
}

int
main(void)
{
	match_room_init(&room);
	test_forms();
	test_none();
	test_keys();
	match_room_free(&room);
	return tap_done();
}
