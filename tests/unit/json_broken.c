/* SPDX-License-Identifier: MIT */
/* json_parse refuses what is not JSON, and says where. */
#include <stdlib.h>

#include "buf.h"
#include "json.h"
#include "limits.h"
#include "tap.h"

static struct json json;
static struct err err;

/* Parses a copy of exactly its size: reading past it is a sanitizer's catch. */
static enum rc
parse(struct span text)
{
	char *copy = malloc(text.len ? text.len : 1);
	enum rc rc;

	if (text.len)
		memcpy(copy, text.ptr, text.len);
	err.text[0] = '\0';
	rc = json_parse(&json, span_of(copy, text.len), &err);
	free(copy);
	return rc;
}

struct broken {
	struct span text;
	const char *says;
};

#define B(text, says) { { (text), sizeof(text) - 1 }, says }

static const struct broken broken[] = {
	B("", "byte 1: the text ends early"),
	B(" \n", "byte 3: the text ends early"),
	B("\xef\xbb\xbf{}", "byte 1: a byte order mark"),
	B("\xff\xfe{\0}\0", "byte 1: expected a value"),
	B("\0", "byte 1: expected a value"),
	B("{}\0", "byte 3: more text after the value"),
	B("{\0}", "byte 2: expected a key"),
	B("\"a\0b\"", "byte 3: control character in a string"),
	B("\"\x01\"", "byte 2: control character in a string"),
	B("\"\x1f\"", "byte 2: control character in a string"),
	B("\"a\tb\"", "byte 3: control character in a string"),
	B("\"a\nb\"", "byte 3: control character in a string"),
	B("\"0123456789abcdef\r\"", "byte 18: control character in a string"),
	/* numbers */
	B("01", "byte 1: a number with a leading zero"),
	B("-01", "byte 2: a number with a leading zero"),
	B("00", "byte 1: a number with a leading zero"),
	B("[00.5]", "byte 2: a number with a leading zero"),
	B("+1", "byte 1: expected a value"),
	B(".5", "byte 1: expected a value"),
	B("-.5", "byte 2: a digit is missing"),
	B("1.", "byte 3: the text ends early"),
	B("[1.]", "byte 4: a digit is missing"),
	B("[1.e5]", "byte 4: a digit is missing"),
	B("[1e]", "byte 4: a digit is missing"),
	B("[1e+]", "byte 5: a digit is missing"),
	B("[1e-x]", "byte 5: a digit is missing"),
	B("[1E1.5]", "byte 5: expected ',' or ']'"),
	B("-", "byte 2: the text ends early"),
	B("[-]", "byte 3: a digit is missing"),
	B("[--1]", "byte 3: a digit is missing"),
	B("[1-1]", "byte 3: expected ',' or ']'"),
	B("0x10", "byte 2: more text after the value"),
	B("1_000", "byte 2: more text after the value"),
	B("1,5", "byte 2: more text after the value"),
	B("NaN", "byte 1: expected a value"),
	B("nan", "byte 1: expected a value"),
	B("Infinity", "byte 1: expected a value"),
	B("-Infinity", "byte 2: a digit is missing"),
	B("\xd9\xa1", "byte 1: expected a value"), /* Arabic-Indic one */
	/* literals */
	B("tru", "byte 1: expected a value"),
	B("truE", "byte 1: expected a value"),
	B("truetrue", "byte 5: more text after the value"),
	B("[truex]", "byte 6: expected ',' or ']'"),
	B("True", "byte 1: expected a value"),
	B("nul", "byte 1: expected a value"),
	B("nulll", "byte 5: more text after the value"),
	B("fals", "byte 1: expected a value"),
	B("undefined", "byte 1: expected a value"),
	/* structure */
	B("[1,]", "byte 4: expected a value"),
	B("[,1]", "byte 2: expected a value"),
	B("[1,,2]", "byte 4: expected a value"),
	B("[1 2]", "byte 4: expected ',' or ']'"),
	B("[1}", "byte 3: expected ',' or ']'"),
	B("[1:2]", "byte 3: expected ',' or ']'"),
	B("]", "byte 1: expected a value"),
	B("[]]", "byte 3: more text after the value"),
	B("{\"a\":1,}", "byte 8: expected a key"),
	B("{,}", "byte 2: expected a key"),
	B("{\"a\"}", "byte 5: expected ':'"),
	B("{\"a\":}", "byte 6: expected a value"),
	B("{\"a\"::1}", "byte 6: expected a value"),
	B("{\"a\" 1}", "byte 6: expected ':'"),
	B("{\"a\",1}", "byte 5: expected ':'"),
	B("{\"a\":1]", "byte 7: expected ',' or '}'"),
	B("{\"a\":1 \"b\":2}", "byte 8: expected ',' or '}'"),
	B("{a:1}", "byte 2: expected a key"),
	B("{'a':1}", "byte 2: expected a key"),
	B("{1:1}", "byte 2: expected a key"),
	B("{null:1}", "byte 2: expected a key"),
	B("'a'", "byte 1: expected a value"),
	B("{} {}", "byte 4: more text after the value"),
	B("{}\n{}", "byte 4: more text after the value"),
	B("1 2", "byte 3: more text after the value"),
	B("{},", "byte 3: more text after the value"),
	B("// c\n1", "byte 1: expected a value"),
	B("/* c */1", "byte 1: expected a value"),
	B("[1/**/]", "byte 3: expected ',' or ']'"),
	B("1 # c", "byte 3: more text after the value"),
	B("\v1", "byte 1: expected a value"),
	B("\f1", "byte 1: expected a value"),
	B("\xc2\xa0" "1", "byte 1: expected a value"),
	B("[1\xe2\x80\xa8]", "byte 3: expected ',' or ']'"),
	/* escapes */
	B("\"\\x41\"", "byte 2: unknown escape"),
	B("\"\\'\"", "byte 2: unknown escape"),
	B("\"\\0\"", "byte 2: unknown escape"),
	B("\"\\\n\"", "byte 2: unknown escape"),
	B("\"\\N\"", "byte 2: unknown escape"),
	B("\"\\U0041\"", "byte 2: unknown escape"),
	B("\"\\", "byte 2: the text ends inside a string"),
	B("\"\\\"", "byte 4: the text ends early"),
	B("\"\\u\"", "byte 2: \\u needs four hexadecimal digits"),
	B("\"\\u004\"", "byte 2: \\u needs four hexadecimal digits"),
	B("\"\\u004g\"", "byte 2: \\u needs four hexadecimal digits"),
	B("\"\\u+041\"", "byte 2: \\u needs four hexadecimal digits"),
	B("\"\\u 041\"", "byte 2: \\u needs four hexadecimal digits"),
	B("\"\\u00:0\"", "byte 2: \\u needs four hexadecimal digits"),
	/* surrogates */
	B("\"\\ud800\"", "byte 2: lone surrogate"),
	B("\"\\uDBFF\"", "byte 2: lone surrogate"),
	B("\"\\udc00\"", "byte 2: lone surrogate"),
	B("\"\\uDFFF\"", "byte 2: lone surrogate"),
	B("\"a\\ud83dz\"", "byte 3: lone surrogate"),
	B("\"\\ud83d\\n\"", "byte 2: lone surrogate"),
	B("\"\\ud83d\\u0041\"", "byte 2: lone surrogate"),
	B("\"\\ud83d\\ud83d\"", "byte 2: lone surrogate"),
	B("\"\\ud83d\\ud83d\\ude00\"", "byte 2: lone surrogate"),
	B("\"\\ud83d\\udbff\"", "byte 2: lone surrogate"),
	B("\"\\ud83d\\ue000\"", "byte 2: lone surrogate"),
	B("\"\\ude00\\ud83d\"", "byte 2: lone surrogate"),
	B("\"\\ud83d\\ude00\\ude00\"", "byte 14: lone surrogate"),
	B("\"\\ud83d\\ude0\"", "byte 2: lone surrogate"),
	B("\"\\ud83d\\", "byte 2: lone surrogate"),
	/* UTF-8 */
	B("\"\x80\"", "byte 2: invalid UTF-8"),
	B("\"\xbf\"", "byte 2: invalid UTF-8"),
	B("\"\xc3\"", "byte 2: invalid UTF-8"),
	B("\"\xc3(\"", "byte 2: invalid UTF-8"),
	B("\"\xc0\x80\"", "byte 2: invalid UTF-8"),
	B("\"\xc1\xbf\"", "byte 2: invalid UTF-8"),
	B("\"\xe2\x82\"", "byte 2: invalid UTF-8"),
	B("\"\xe2(\xa1\"", "byte 2: invalid UTF-8"),
	B("\"\xe0\x80\xaf\"", "byte 2: invalid UTF-8"),
	B("\"\xe0\x9f\xbf\"", "byte 2: invalid UTF-8"),
	B("\"\xed\xa0\x80\"", "byte 2: invalid UTF-8"),
	B("\"\xed\xbf\xbf\"", "byte 2: invalid UTF-8"),
	B("\"\xf0\x80\x80\xaf\"", "byte 2: invalid UTF-8"),
	B("\"\xf0\x8f\xbf\xbf\"", "byte 2: invalid UTF-8"),
	B("\"\xf0\x9f\x98\"", "byte 2: invalid UTF-8"),
	B("\"\xf4\x90\x80\x80\"", "byte 2: invalid UTF-8"),
	B("\"\xf5\x80\x80\x80\"", "byte 2: invalid UTF-8"),
	B("\"\xf8\x88\x80\x80\x80\"", "byte 2: invalid UTF-8"),
	B("\"\xfe\"", "byte 2: invalid UTF-8"),
	B("\"\xff\"", "byte 2: invalid UTF-8"),
	B("{\"M\xfcller\":1}", "byte 4: invalid UTF-8"),
	B("\"\xc3\xa4\xc3\xb6\xfc\"", "byte 6: invalid UTF-8"),
	/* the same key twice */
	B("{\"a\":1,\"a\":2}", "byte 8: duplicate key"),
	B("{\"a\":1,\"b\":2,\"a\":1}", "byte 14: duplicate key"),
	B("{\"\":1,\"\":2}", "byte 7: duplicate key"),
	B("{\"a\":1,\"\\u0061\":2}", "byte 8: duplicate key"),
	B("{\"\\u0061\":1,\"a\":2}", "byte 13: duplicate key"),
	B("{\"\\u006a\":1,\"\\u006A\":2}", "byte 13: duplicate key"),
	B("{\"\\n\":1,\"\\u000a\":2}", "byte 9: duplicate key"),
	B("{\"\xc3\xa4\":1,\"\\u00e4\":2}", "byte 9: duplicate key"),
	B("{\"\xf0\x9f\x98\x80\":1,\"\\ud83d\\ude00\":2}",
	    "byte 11: duplicate key"),
	B("{\"a/b\":1,\"a\\/b\":2}", "byte 10: duplicate key"),
	B("[{},{\"x\":{\"k\":1,\"k\":2}}]", "byte 17: duplicate key"),
	B("{\"a\":{\"a\":{\"b\":1}},\"a\":0}", "byte 20: duplicate key"),
	B("{\"twelve chars\":1,\"twelve chars\":2}",
	    "byte 19: duplicate key"),
	B("{\"twelve chars\":1,\"\\u0074welve chars\":2}",
	    "byte 19: duplicate key"),
	B("{\"8 letter\":1,\"8 lette\\u0072\":2}",
	    "byte 15: duplicate key"),
	B("{\"7 lette\":1,\"7\\u0020lette\":2}",
	    "byte 14: duplicate key"),
};

static void
test_broken(void)
{
	size_t i;

	for (i = 0; i < sizeof(broken) / sizeof(broken[0]); i++)
		if (ok(parse(broken[i].text) == RC_RECORD, "refused: %zu", i))
			is(span_str(err.text), span_str(broken[i].says),
			    broken[i].says);
		else
			printf("# accepted: %.*s\n", SPAN_ARG(broken[i].text));
}

#define RICH                                                                \
	" {\"type\": \"record\", \"n\":[-0, 0.50, 1e9, -12.5E-7, 123],\n" \
	"\t\"esc\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e4\\ud83d\\ude00\","    \
	"\"utf\":\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80 some more text\","  \
	"\"l\":[true ,false, null,[],{}],\"\\u006bey\":{\"\":{\"a\":\"\"}}}"

/* Cut anywhere, with the rest of the buffer still there or not. */
static void
test_cut(void)
{
	struct span rich = SPAN(RICH);
	size_t n, accepted = 0;

	ok(parse(rich) == RC_OK, "the rich text is accepted");
	for (n = 0; n < rich.len; n++) {
		accepted += parse(span_of(rich.ptr, n)) != RC_RECORD;
		accepted += json_parse(&json, span_of(rich.ptr, n), &err) !=
		    RC_RECORD;
	}
	ok(accepted == 0, "refused when cut at each of %zu bytes", rich.len);
}

/* Any byte of a text replaced by NUL, a control, a lone tail byte, FF. */
static void
test_spoilt(void)
{
	struct span rich = SPAN(RICH);
	const char bad[] = { '\0', '\1', '\x7f', '\x80', '\xff' };
	char copy[sizeof(RICH)];
	size_t n, i, accepted = 0, inside = 0;

	for (n = 0; n < rich.len; n++)
		for (i = 0; i < sizeof(bad); i++) {
			memcpy(copy, rich.ptr, rich.len);
			copy[n] = bad[i];
			if (parse(span_of(copy, rich.len)) == RC_RECORD)
				continue;
			/* DEL may stand in a string, 80 may end a sequence. */
			if (bad[i] == '\x7f' || (bad[i] == '\x80' &&
			    (unsigned char)rich.ptr[n] >= 0x80))
				inside++;
			else
				accepted++;
		}
	ok(accepted == 0, "no byte may be NUL, control, stray or FF");
	ok(inside > 0, "but where it is allowed");
}

static enum rc
parse_deep(unsigned depth, char open, char close)
{
	char text[512];
	size_t n = 0;
	unsigned i;

	for (i = 0; i < depth; i++) {
		text[n++] = open;
		if (open == '{' && i + 1 < depth) {
			memcpy(text + n, "\"\":", 3);
			n += 3;
		}
	}
	memset(text + n, close, depth > 64 ? 0 : depth);
	n += depth > 64 ? 0 : depth;
	return parse(span_of(text, n));
}

static void
test_depth(void)
{
	ok(LIMIT_JSON_DEPTH == 64, "the ceiling is 64");
	ok(parse_deep(64, '[', ']') == RC_OK, "64 arrays");
	ok(parse_deep(64, '{', '}') == RC_OK, "64 objects");
	ok(parse_deep(65, '[', ']') == RC_RECORD, "not 65 arrays");
	is(span_str(err.text), SPAN("byte 65: nested too deeply"), "says so");
	ok(parse_deep(65, '{', '}') == RC_RECORD, "not 65 objects");
	is(span_str(err.text), SPAN("byte 257: nested too deeply"), "says so");
}

/* {"k0":0,...}, with `last` as one more key if given. */
static enum rc
parse_wide(unsigned members, const char *last)
{
	struct buf b;
	enum rc rc;
	unsigned i;

	buf_init(&b, 64u << 20, "text");
	buf_putc(&b, '{');
	for (i = 0; i < members; i++)
		buf_printf(&b, "%s\"k%u\":%u", i ? "," : "", i, i);
	if (last)
		buf_printf(&b, ",\"%s\":0", last);
	buf_putc(&b, '}');
	rc = parse(buf_view(&b));
	buf_free(&b);
	return rc;
}

static void
test_wide(void)
{
	static const unsigned sizes[] = { 2, 30, 63, 64, 65, 66, 127, 128, 129,
		1000, 10000, 65535 };
	char last[32];
	unsigned i, n;

	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		n = sizes[i];
		ok(parse_wide(n, NULL) == RC_OK, "%u members", n);
		ok(parse_wide(n, "K0") == RC_OK, "%u and another", n);
		ok(parse_wide(n, "k0") == RC_RECORD, "%u, first again", n);
		ok(strstr(err.text, "duplicate key") != NULL, "says so");
		snprintf(last, sizeof(last), "k%u", n - 1);
		ok(parse_wide(n, last) == RC_RECORD, "%u, last again", n);
		snprintf(last, sizeof(last), "\\u006b%u", n / 2);
		ok(parse_wide(n, last) == RC_RECORD, "%u, escaped again", n);
	}
	ok(parse_wide(LIMIT_JSON_MEMBERS, NULL) == RC_OK, "as many as may be");
	ok(parse_wide(LIMIT_JSON_MEMBERS, "x") == RC_RECORD, "one more");
	ok(strstr(err.text, "too many members") != NULL, "says so");
}

/* Only reachable in 64 bits; the text is never read. */
static void
test_huge(void)
{
#if SIZE_MAX > UINT32_MAX
	ok(json_parse(&json, span_of("1", (size_t)UINT32_MAX + 1), &err) ==
	    RC_RECORD, "over 4 GiB is refused");
	ok(strstr(err.text, "too long") != NULL, "says so");
#endif
}

int
main(void)
{
	json_init(&json);
	test_broken();
	test_cut();
	test_spoilt();
	test_depth();
	test_wide();
	test_huge();
	ok(parse(SPAN("{\"a\":[1]}")) == RC_OK, "and a good text after all");
	json_free(&json);
	return tap_done();
}
