/* SPDX-License-Identifier: MIT */
/* literal: jq literals as JSON, held against libjq itself. */
#include "literal.h"

#include <jq.h>
#include <jv.h>
#include <stdlib.h>

#include "tap.h"

static const struct { const char *in, *out; } rows[] = {
	{ "{}", "{}" }, { " [ ] ", "[]" }, { "null", "null" },
	{ "# c\n{a: 1, # x\n \"b\" : [true, false,null],_c9:{d:\"#\"}}",
	    "{\"a\":1,\"b\":[true,false,null],\"_c9\":{\"d\":\"#\"}}" },
	{ "{a: -1.5e+3}", "{\"a\":-1.5e+3}" },
	{ "{\"a\\n\\u00e9\": \"\\\\(x)\"}", "{\"a\\n\\u00e9\":\"\\\\(x)\"}" },
	{ "{a: \"x\"} # end", "{\"a\":\"x\"}" },
	{ "{and: 1, if: 2, null: 3}", "{\"and\":1,\"if\":2,\"null\":3}" },
	{ "", NULL }, { "# only", NULL }, { "{", NULL }, { "{a}", NULL },
	{ "{a: }", NULL }, { "{a: 1,}", NULL }, { "[1,]", NULL },
	{ "{a: b}", NULL }, { "{a: env}", NULL }, { "{a: $ENV}", NULL },
	{ "{a: .b}", NULL }, { "{a: 1 + 2}", NULL }, { "1 2", NULL },
	{ "{a: \"\\(env)\"}", NULL }, { "{(\"a\"): 1}", NULL },
	{ "{a: \"b", NULL }, { "{a: \"b\nc\"}", NULL }, { "[1}", NULL },
	{ "{a: 'b'}", NULL }, { "{a: @text}", NULL }, { "\"\\", NULL },
	{ "{a: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
	    "[[[[[[[[[[[", NULL },
};

static void
test_rows(void)
{
	struct err e;
	struct buf b;
	size_t i;
	enum rc rc;

	buf_init(&b, 4096, "literal");
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		buf_reset(&b);
		rc = literal_json(span_str(rows[i].in), &b, &e);
		if (rows[i].out)
			is(rc ? span_str(e.text) : buf_view(&b),
			    span_str(rows[i].out), rows[i].in);
		else
			ok(rc == RC_CONFIG, "refused: %s", rows[i].in);
	}
	buf_free(&b);
}

/* What jq makes of a text, compact and sorted; NULL when it refuses. */
static char *
by_jq(const char *program)
{
	jq_state *jq = jq_init();
	char *out = NULL;
	jv v;

	jq_set_error_cb(jq, (jq_msg_cb)(void (*)(void))NULL, NULL);
	if (jq_compile(jq, program)) {
		jq_start(jq, jv_null(), 0);
		v = jq_next(jq);
		if (jv_is_valid(v)) {
			v = jv_dump_string(v, JV_PRINT_SORTED);
			out = strdup(jv_string_value(v));
		}
		jv_free(v);
	}
	jq_teardown(&jq);
	return out;
}

static char *
sorted(const char *json)
{
	jv v = jv_parse(json);
	char *out = NULL;

	if (jv_is_valid(v)) {
		v = jv_dump_string(v, JV_PRINT_SORTED);
		out = strdup(jv_string_value(v));
	}
	jv_free(v);
	return out;
}

/* jq 1.6 knows no keywords as keys; everything else reads the same. */
static void
test_against_jq(void)
{
	char *ours, *theirs;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (!rows[i].out || strstr(rows[i].in, "and:"))
			continue;
		theirs = by_jq(rows[i].in);
		ours = sorted(rows[i].out);
		ok(theirs && ours && !strcmp(ours, theirs), "as jq reads %s",
		    rows[i].in);
		free(ours);
		free(theirs);
	}
}

static void
test_parse(void)
{
	static const char *const known[] = { "label", "labels", "from",
		NULL };
	struct literal l;
	struct err e;

	literal_init(&l);
	ok(literal_parse(&l, SPAN("{a: 1, a: 2}"), "f", &e) == RC_CONFIG &&
	    !strncmp(e.text, "f: ", 3), "a key given twice");
	ok(literal_parse(&l, SPAN("[1]"), "f", &e) == RC_CONFIG, "no object");
	ok(literal_parse(&l, SPAN("{a: 01}"), "f", &e) == RC_CONFIG, "01");
	ok(literal_parse(&l, SPAN("{a: 1.}"), "f", &e) == RC_CONFIG, "1.");
	ok(literal_parse(&l, SPAN("{a: \"\\q\"}"), "f", &e) == RC_CONFIG,
	    "\\q");
	ok(literal_parse(&l, SPAN("{a: \"\xff\"}"), "f", &e) == RC_CONFIG,
	    "no UTF-8");
	ok(literal_parse(&l, SPAN("{lable: 1}"), "f", &e) == RC_OK, "fine");
	ok(literal_keys(&l.json, 0, known, &e) == RC_CONFIG &&
	    strstr(e.text, "\"label\"") != NULL, "%s", e.text);
	ok(literal_parse(&l, SPAN("{xyzzy: 1}"), "f", &e) == RC_OK &&
	    literal_keys(&l.json, 0, known, &e) == RC_CONFIG &&
	    !strstr(e.text, "mean"), "%s", e.text);
	ok(literal_parse(&l, SPAN("{from: 1}"), "f", &e) == RC_OK &&
	    literal_keys(&l.json, 0, known, &e) == RC_OK, "known");
	ok(literal_load(&l, "no/such/file", &e) == RC_END, "no file");
	ok(literal_load(&l, "/", &e) == RC_CONFIG, "a folder");
	literal_free(&l);
}

int
main(void)
{
	test_rows();
	test_against_jq();
	test_parse();
	return tap_done();
}
