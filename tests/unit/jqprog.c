/* SPDX-License-Identifier: MIT */
/* jqprog: results, failures, numbers, and what is out of reach. */
#include "jqprog.h"

#include <stdlib.h>

#include "tap.h"

struct row {
	const char *program, *value, *record, *out; /* NULL: RC_RECORD */
};

static const struct row rows[] = {
	{ ".", "\"a\"", NULL, "\"a\"" },
	{ ".", "\"\\u00e9\\n\"", NULL, "\"\xc3\xa9\\n\"" },
	{ ".", "\"\\u0000x\"", NULL, "\"\\u0000x\"" },
	{ "ascii_upcase", "\"ab\"", NULL, "\"AB\"" },
	{ ". + 1", "41", NULL, "42" },
	{ ". / 4", "1", NULL, "0.25" },
	{ ".a", "{\"a\":[1,null,true]}", NULL, "[1,null,true]" },
	{ ". as $x | $x # a comment", "1", NULL, "1" },
	{ "def f: . * 2; f", "2", NULL, "4" },
	{ ". + $record.b", "\"x\"", "{\"b\":\"y\"}", "\"xy\"" },
	{ "def f: $record.b; f # it", "\"x\"", "{\"b\":[1]}", "[1]" },
	{ "$record", "1", NULL, "null" },
	{ ".env", "{\"env\":\"mine\"}", NULL, "\"mine\"" },
	{ "\"env input now\"", "1", NULL, "\"env input now\"" },
	{ "\"a\\(.)b\"", "1", NULL, "\"a1b\"" },
	{ "1, 2", "1", NULL, NULL },
	{ "empty", "1", NULL, NULL },
	{ "error(\"x\")", "1", NULL, NULL },
	{ "1, error(\"x\")", "1", NULL, NULL },
	{ ".a", "1", NULL, NULL },
	{ "tonumber", "\"x\"", NULL, NULL },
	{ ".", "9007199254740993", NULL, NULL },
	{ ".", "[1,{\"a\":9007199254740993}]", NULL, NULL },
	{ ".", "0.1", NULL, "0.1" },
	{ ".", "0.12345678901234567890", NULL, NULL },
	{ ".", "1e400", NULL, NULL },
	{ ".", "9007199254740992", NULL, "9007199254740992" },
	{ ". * 1000000", "9007199254740", NULL, NULL },
	{ "infinite", "1", NULL, NULL },
	{ "nan", "1", NULL, NULL },
	{ "[nan]", "1", NULL, NULL },
	{ "$record.a", "1", "{\"a\":1,\"b\":12345678901234567890}", NULL },
	{ ".", "{\"a\":1", NULL, NULL },
};

static void
test_rows(void)
{
	struct jqprog *p = NULL;
	struct err e = { "" };
	struct buf b;
	size_t i, again;
	enum rc rc;

	buf_init(&b, 1 << 16, "result");
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		rc = jqprog_new(&p, span_str(rows[i].program), "test", &e);
		if (rc) {
			ok(false, "%s: %s", rows[i].program, e.text);
			continue;
		}
		for (again = 0; again < 2; again++) {
			buf_reset(&b);
			rc = jqprog_run(p, span_str(rows[i].value),
			    span_str(rows[i].record), &b, &e);
			if (rows[i].out)
				is(rc ? span_str(e.text) : buf_view(&b),
				    span_str(rows[i].out), rows[i].program);
			else
				ok(rc == RC_RECORD, "%s of %s fails: %s",
				    rows[i].program, rows[i].value, e.text);
		}
		jqprog_free(p);
	}
	buf_free(&b);
}

static void
test_out_of_reach(void)
{
	static const char *const bad[] = { "env", "$ENV", "env.PATH",
		". | env", "\"\\(env)\"", "\"\\(\"\\($ENV.HOME)\")\"",
		"input", "[inputs]", "debug", "stderr", "halt",
		"halt_error", "input_filename", "input_line_number",
		"import \"a\" as a; 1", "include \"a\"; 1", "now",
		"localtime", "$__loc__", "modulemeta", "get_search_list",
		"# x\nenv", "(1)|env", "{a: env}", "..|env", "1 +", ".a |",
		"nosuchfunction", "", "$nosuchvariable", ")", "1) | (2" };
	struct jqprog *p;
	struct err e;
	size_t i;
	enum rc rc;

	setenv("SECRET", "x", 1);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]) - 1; i++) {
		rc = jqprog_new(&p, span_str(bad[i]), "test", &e);
		ok(rc == RC_CONFIG && !p, "%s: %s", bad[i], e.text);
		jqprog_free(p);
	}
	ok(getenv("SECRET") != NULL, "our own environment is back");
}

int
main(void)
{
	test_rows();
	test_out_of_reach();
	return tap_done();
}
