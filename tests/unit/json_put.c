/* SPDX-License-Identifier: MIT */
/* What the writer writes is canonical, and reads back as the same. */
#include "json.h"
#include "tap.h"

static struct json json;
static struct arena arena;
static struct buf buf;
static struct err err;

static struct span
put_string(struct span s)
{
	buf_reset(&buf);
	json_put_string(&buf, s);
	return buf_view(&buf);
}

static struct span
canonical(const char *text)
{
	buf_reset(&buf);
	if (json_parse(&json, span_str(text), &err))
		return span_str(err.text);
	json_put_value(&buf, &json, 0, &arena);
	return buf_view(&buf);
}

static void
test_string(void)
{
	is(put_string(SPAN("")), SPAN("\"\""), "empty");
	is(put_string(span_of(NULL, 0)), SPAN("\"\""), "empty, no address");
	is(put_string(SPAN("plain")), SPAN("\"plain\""), "plain");
	is(put_string(SPAN("a\"b\\c/d")), SPAN("\"a\\\"b\\\\c/d\""), "marks");
	is(put_string(SPAN("\b\f\n\r\t")), SPAN("\"\\b\\f\\n\\r\\t\""),
	    "controls with letters");
	is(put_string(SPAN("\0\x01\x1f\x7f")),
	    SPAN("\"\\u0000\\u0001\\u001f\x7f\""), "other controls, not DEL");
	is(put_string(SPAN("\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80")),
	    SPAN("\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\""), "UTF-8 as it is");
	is(put_string(SPAN("\"")), SPAN("\"\\\"\""), "one quote");
	buf_reset(&buf);
	json_put_escaped(&buf, SPAN("a\nb"));
	is(buf_view(&buf), SPAN("a\\nb"), "without quotes");
}

/* Each byte below 0x80 and each place in a string longer than a vector. */
static void
test_round_trip(void)
{
	char text[41];
	size_t at, wrong = 0;
	int c;

	for (c = 0; c < 0x80; c++)
		for (at = 0; at < sizeof(text); at++) {
			memset(text, 'x', sizeof(text));
			text[at] = (char)c;
			put_string(span_of(text, sizeof(text)));
			wrong += json_parse(&json, buf_view(&buf), &err) !=
			    RC_OK || !json_is(&json, 0,
			    span_of(text, sizeof(text)));
			arena_reset(&arena);
		}
	ok(wrong == 0, "every byte at every place reads back");
}

static void
test_value(void)
{
	is(canonical(" [ ] "), SPAN("[]"), "empty array");
	is(canonical("{\n}"), SPAN("{}"), "empty object");
	is(canonical("[[ ],{ },[{}] ]"), SPAN("[[],{},[{}]]"), "nested empty");
	is(canonical(" \"x\" "), SPAN("\"x\""), "a string");
	is(canonical("1.00"), SPAN("1.00"), "numbers as they stand");
	is(canonical("[1e400, -0,12345678901234567890.50]"),
	    SPAN("[1e400,-0,12345678901234567890.50]"), "beyond a double");
	is(canonical("{ \"b\" : 1 ,\t\"a\" : [ true , null,false ] }"),
	    SPAN("{\"b\":1,\"a\":[true,null,false]}"), "white space");
	is(canonical("{\"\\u0061\":\"\\u00e4\\/\"}"),
	    SPAN("{\"a\":\"\xc3\xa4/\"}"), "escapes that need not be");
	is(canonical("[\"\\u000a\",\"\\u0022\",\"\\u001F\"]"),
	    SPAN("[\"\\n\",\"\\\"\",\"\\u001f\"]"), "escapes that must be");
	is(canonical("{\"p\":{\"a\":1,\"b\":[2,3]},\"q\": [4]}"),
	    SPAN("{\"p\":{\"a\":1,\"b\":[2,3]},\"q\":[4]}"),
	    "a part that is canonical already");
	is(canonical("{\"p\": {\"k\":\" \\n \"}}"),
	    SPAN("{\"p\":{\"k\":\" \\n \"}}"), "space inside strings stays");
}

static void
test_part(void)
{
	ok(json_parse(&json, SPAN("{\"a\":[1, 2],\"b\":{\"c\":\"\\u0041\"},"
	    "\"d\":7}"), &err) == RC_OK, "a text");
	buf_reset(&buf);
	json_put_value(&buf, &json, json_get(&json, 0, SPAN("a")), &arena);
	json_put_value(&buf, &json, json_get(&json, 0, SPAN("b")), &arena);
	json_put_value(&buf, &json, json_get(&json, 0, SPAN("d")), &arena);
	is(buf_view(&buf), SPAN("[1,2]{\"c\":\"A\"}7"), "parts of it");
}

static void
test_key(void)
{
	buf_reset(&buf);
	buf_putc(&buf, '{');
	json_put_key(&buf, SPAN("a"));
	buf_putc(&buf, '1');
	json_put_key(&buf, SPAN("b\""));
	buf_putc(&buf, '{');
	json_put_key(&buf, SPAN("c"));
	json_put_string(&buf, SPAN("{"));
	json_put_key(&buf, SPAN("d"));
	BUF_LIT(&buf, "[]}}");
	is(buf_view(&buf),
	    SPAN("{\"a\":1,\"b\\\"\":{\"c\":\"{\",\"d\":[]}}"), "members");
	ok(json_parse(&json, buf_view(&buf), &err) == RC_OK, "it is JSON");
}

static void
test_over(void)
{
	struct buf small;

	buf_init(&small, 8, "text");
	json_put_string(&small, SPAN("0123456789"));
	ok(small.over && small.len <= 8, "a full buffer says so");
	buf_free(&small);
}

int
main(void)
{
	json_init(&json);
	arena_init(&arena);
	buf_init(&buf, 1u << 20, "text");
	test_string();
	test_round_trip();
	test_value();
	test_part();
	test_key();
	test_over();
	buf_free(&buf);
	arena_free(&arena);
	json_free(&json);
	return tap_done();
}
