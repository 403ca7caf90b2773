/* SPDX-License-Identifier: MIT */
/* The parts of the embedded store that need no file. */
#include "filestore_index.h"
#include "filestore_line.h"
#include "filestore_merge.h"
#include "limits.h"
#include "tap.h"

static struct filestore_parser parser;

/* ---- lines ---- */

static enum rc
parse(const char *text, struct filestore_line *l)
{
	struct err e;

	return filestore_line_parse(&parser, span_str(text), l, &e);
}

static void
test_refused(void)
{
	static const char *const bad[] = { "", "[]", "1", "{}", "{\"id\":",
		"{\"id\":\"\"}", "{\"id\":null}", "{\"id\":1.0}",
		"{\"id\":1e3}", "{\"id\":[1]}", "{\"id\":true}",
		"{\"Id\":\"1\"}", "{\"id\":\"1\"} x",
		"{\"id\":\"1\",\"id\":\"2\"}",
		"{\"id\":\"1\",\"i\\u0064\":\"2\"}", "{\"id\":\"\\ud800\"}" };
	struct filestore_line l;
	size_t i;

	for (i = 0; i < sizeof bad / sizeof *bad; i++)
		ok(parse(bad[i], &l) == RC_RECORD && l.id.len == 0,
		    "no record: %s", bad[i]);
}

static void
test_ids(void)
{
	struct filestore_line l;

	ok(!parse("{\"id\":12345678901234567890123}", &l), "a long number");
	is(l.id, SPAN("12345678901234567890123"), "is taken as text");
	ok(!parse("{\"\\u0069d\":\"\\u0041\"}", &l), "escapes");
	is(l.id, SPAN("A"), "are characters");
	ok(!parse("\xef\xbb\xbf {\"id\":-7} \r", &l), "BOM and CR");
	is(l.id, SPAN("-7"), "are not the record's");
	is(l.text, SPAN("{\"id\":-7}"), "nor the text's");
}

/* Content is the members' values; how they are spaced or escaped, and what
 * version and modified say, is not. */
static void
test_content(void)
{
	static const char *const same[] = {
		"{\"id\":\"1\",\"name\":\"\xc3\xa9\",\"o\":{\"a\":[1,2]}}",
		"{\"id\":\"1\",\"version\":\"1\",\"name\":\"\xc3\xa9\","
		"\"o\":{\"a\":[1,2]},\"modified\":\"x\"}",
		"{\"version\":\"1\",\"id\":\"1\",\"name\":\"\xc3\xa9\","
		"\"modified\":\"x\",\"o\":{\"a\":[1,2]}}",
		"{\"id\":\"1\",\"name\":\"\xc3\xa9\",\"o\":{\"a\":[1,2]},"
		"\"version\":\"1\",\"modified\":\"x\"}",
		"{ \"id\" : \"1\", \"name\": \"\\u00e9\", \"o\": {\"a\":"
		" [1, 2]} , \"version\":null}",
	};
	static const char *const other[] = {
		"{\"id\":\"1\",\"name\":\"e\",\"o\":{\"a\":[1,2]}}",
		"{\"id\":\"1\",\"name\":\"\xc3\xa9\",\"o\":{\"a\":[12]}}",
		"{\"id\":\"1\",\"name\":\"\xc3\xa9\"}",
		("{\"id\":\"1\",\"uid\":\"1\",\"name\":\"\xc3\xa9\","
		"\"o\":{\"a\":[1,2]}}"),
	};
	struct filestore_line l;
	uint32_t first = 0;
	size_t i;

	for (i = 0; i < sizeof same / sizeof *same; i++) {
		ok(!parse(same[i], &l), "parses");
		first = i ? first : l.content;
		ok(l.content == first, "the same content: %s", same[i]);
	}
	for (i = 0; i < sizeof other / sizeof *other; i++)
		ok(!parse(other[i], &l) && l.content != first,
		    "another content: %s", other[i]);
}

static void
test_versions(void)
{
	static const struct { const char *text; uint64_t number; } cases[] = {
		{ "\"7\"", 7 }, { "7", 7 }, { "\"7.1a2b3c4d.0f12\"", 7 },
		{ "\"v7\"", 0 }, { "null", 0 }, { "\"\"", 0 }, { "-7", 0 },
		{ "\"99999999999999999999999\"", 0 }, { "[7]", 0 },
	};
	char text[256], version[FILESTORE_VERSION];
	struct filestore_line l;
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		snprintf(text, sizeof text, "{\"id\":\"1\",\"version\":%s}",
		    cases[i].text);
		ok(!parse(text, &l) && l.number == cases[i].number &&
		    !l.stamped, "version %s", cases[i].text);
	}
	l.content = 0x1a2b3c4d;
	l.number = UINT64_MAX;
	is(filestore_line_version(&l, version),
	    SPAN("18446744073709551615.1a2b3c4d"), "the longest version");
}

/* ---- new lines and changed ones ---- */

static struct json patch;
static struct buf line, old;

static void
take(const char *text)
{
	struct err e;

	ok(!json_parse(&patch, span_str(text), &e), "patch %s", text);
	buf_reset(&line);
	buf_reset(&old);
}

static void
test_create(void)
{
	struct filestore_line l;
	uint32_t content;

	take("{\"name\" : \"A\\u00e9\",\"id\":\"x\",\"uid\":1,\"version\":2,"
	    "\"modified\":3,\"none\":null,\"o\":{\"b\":[ 1 ]}}");
	content = filestore_merge_create(&parser, SPAN("u\"1"), &patch, 7,
	    SPAN("2026-11-20T12:00:00.000Z"), &line);
	ok(!parse(buf_cstr(&line), &l), "what is made reads back");
	ok(l.stamped && l.number == 7 && l.content == content, "and fits");
	is(l.id, SPAN("u\"1"), "its id");
	is(l.uid, SPAN("u\"1"), "its uid");
	ok(strstr(buf_cstr(&line), ",\"name\":\"A\xc3\xa9\",\"o\":{\"b\":[1]}}")
	    != NULL, "our members only once, null left out: %s",
	    buf_cstr(&line));
	take("{}");
	content = filestore_merge_create(&parser, SPAN("u"), &patch, 1,
	    SPAN("2026-11-20T12:00:00.000Z"), &line);
	ok(!parse(buf_cstr(&line), &l) && l.stamped && l.content == content,
	    "a record of nothing");
}

static void
merge_as(bool stamp, const char *now, const char *with, const char *want,
    const char *want_old)
{
	static const char number[] = "\"version\":\"9.";
	struct filestore_line l;
	struct err e;
	bool changed;

	take(with);
	ok(!parse(now, &l), "line %s", now);
	changed = filestore_merge(&parser, &patch, stamp, 9,
	    SPAN("2026-11-20T12:00:00.000Z"), &line, &old);
	ok(changed == (want != NULL), "changes %s", want ? "it" : "nothing");
	is(buf_view(&old), span_str(want_old), "what was there before");
	if (!want)
		return;
	ok(!filestore_merge_seal(&parser, &line, 0, &l, &e), "seals");
	ok(!parse(buf_cstr(&line), &l) && l.stamped, "reads back and fits");
	ok(strstr(line.ptr, number) != NULL, "its number");
	ok(strncmp(line.ptr, want, strlen(want)) == 0, "%s is %s", line.ptr,
	    want);
}

static void
merge(const char *now, const char *with, const char *want,
    const char *want_old)
{
	merge_as(false, now, with, want, want_old);
}

static void
test_stamp(void)
{
	merge_as(true, "{\"id\":\"1\",\"uid\":\"a\",\"b\":1}",
	    "{\"uid\":\"u\",\"id\":\"x\",\"b\":2}",
	    "{\"id\":\"1\",\"uid\":\"u\",\"b\":2,",
	    "{\"uid\":\"a\",\"b\":1}");
	merge_as(true, "{\"id\":\"1\",\"b\":1}", "{\"uid\":\"u\"}",
	    "{\"id\":\"1\",\"b\":1,\"uid\":\"u\"", "{\"uid\":null}");
	merge_as(true, "{\"id\":\"1\",\"uid\":\"u\"}", "{\"uid\":\"u\"}", NULL,
	    "{\"uid\":\"u\"}");
}

static void
test_merge(void)
{
	merge("{\"id\":\"1\",\"a\":1}", "{\"a\":1}", NULL, "{\"a\":1}");
	merge("{\"id\":\"1\",\"a\":1}", "{\"b\":null}", NULL, "{\"b\":null}");
	merge("{\"id\":\"1\"}", "{\"id\":2,\"uid\":3,\"modified\":\"x\"}",
	    NULL, "{}");
	merge("{ \"id\":\"1\", \"a\" : 1 , \"z\":\"\\u00e9\" }", "{\"a\":2}",
	    "{\"id\":\"1\",\"a\":2,\"z\":\"\\u00e9\",\"version\"",
	    "{\"a\":1}");
	merge("{\"a\":1,\"id\":\"1\",\"b\":[ 1 ],\"version\":\"3\",\"c\":2}",
	    "{\"c\":null,\"new\":{\"x\": 1},\"a\":\"v\"}",
	    "{\"a\":\"v\",\"id\":\"1\",\"b\":[ 1 ],\"version\":\"9.",
	    "{\"c\":2,\"new\":null,\"a\":1}");
	merge("{\"id\":\"1\",\"\\u0061\":1}", "{\"a\":2}",
	    "{\"id\":\"1\",\"\\u0061\":2,", "{\"a\":1}");
}

static void
test_equal(void)
{
	static const struct { const char *text; bool equal; } cases[] = {
		{ "[1.50,1.5]", true }, { "[1e2,100]", true },
		{ "[0.1,0.10000000000000000001]", false },
		{ "[-0,0]", true }, { "[1,\"1\"]", false },
		{ "[\"\\u00e9\",\"\xc3\xa9\"]", true },
		{ "[null,0]", false }, { "[null,null]", true },
		{ "[{\"a\": 1},{\"a\":1}]", true },
		{ "[{\"a\":1},{\"a\":1.0}]", true },
		{ "[{\"b\":[],\"a\":1},{\"a\":1,\"b\":[]}]", true },
		{ "[[1,2],[2,1]]", false },
		{ "[{\"a\":1},{\"a\":2}]", false }, { "[true,false]", false },
	};
	struct arena a;
	struct err e;
	uint32_t second;
	size_t i;

	arena_init(&a);
	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		ok(!json_parse(&patch, span_str(cases[i].text), &e), "parses");
		second = patch.nodes[1].next;
		ok(filestore_merge_equal(&patch, 1, &patch, second, &a) ==
		    cases[i].equal, "%s %s", cases[i].text,
		    cases[i].equal ? "are equal" : "differ");
	}
	arena_free(&a);
}

/* ---- the index ---- */

static struct span
key(char text[32], unsigned i)
{
	snprintf(text, 32, "key-%u", i);
	return span_str(text);
}

static bool
finds(const struct filestore_index *x, unsigned i, uint64_t want)
{
	struct filestore_probe p;
	char text[32];
	uint64_t place;

	p = filestore_index_probe(x, key(text, i));
	while (filestore_index_next(x, &p, &place))
		if (place == want)
			return true;
	return false;
}

static void
test_index(void)
{
	const unsigned n = 600000; /* several tables */
	struct filestore_index x;
	struct filestore_probe p;
	unsigned i, lost = 0, more = 0;
	char text[32];
	uint64_t place;

	filestore_index_init(&x, 0);
	for (i = 0; i < n; i++)
		filestore_index_add(&x, key(text, i), i);
	for (i = 0; i < n; i++)
		lost += !finds(&x, i, i);
	ok(lost == 0 && x.count > 2, "%u keys in %zu tables are found", n,
	    x.count);
	for (i = n; i < 2 * n; i++) {
		p = filestore_index_probe(&x, key(text, i));
		more += filestore_index_next(&x, &p, &place);
	}
	ok(more < n / 1000, "%u of %u others are taken for one", more, n);
	p = filestore_index_probe(&x, key(text, 7));
	while (filestore_index_next(&x, &p, &place) && place != 7)
		;
	filestore_index_move(&p, FILESTORE_PLACE_MOST | FILESTORE_IN_JOURNAL);
	ok(finds(&x, 7, FILESTORE_PLACE_MOST | FILESTORE_IN_JOURNAL) &&
	    !finds(&x, 7, 7), "moved to the farthest place");
	filestore_index_free(&x);
}

int
main(void)
{
	filestore_parser_init(&parser);
	json_init(&patch);
	buf_init(&line, LIMIT_LINE, "line");
	buf_init(&old, LIMIT_LINE, "line");
	test_refused();
	test_ids();
	test_content();
	test_versions();
	test_create();
	test_merge();
	test_stamp();
	test_equal();
	test_index();
	filestore_parser_free(&parser);
	json_free(&patch);
	buf_free(&line);
	buf_free(&old);
	return tap_done();
}
