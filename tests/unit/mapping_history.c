/* SPDX-License-Identifier: MIT */
/* mapping_history: last values of a field, written as a mapping says. */
#include "mapping.h"

#include <stdlib.h>

#include "limits.h"
#include "mapping_private.h"
#include "tap.h"

#define ENTITY "{entity: \"c\", fields: {" \
	"sum: {type: \"number\", history: 3}, note: {type: \"text\"," \
	" history: 2}, plain: {type: \"number\"}}}"

#define SYSTEM(fields) "{entity: \"c\", kind: \"csv\", object: \"o\"," \
	" id: \"Id\", fields: {" fields "}}"

#define LIST "[{\"value\":1.5,\"time\":\"t\"},{\"value\":10,\"time\":\"u\"}]"

static struct err why;

static struct mapping *
load(const char *fields)
{
	struct mapping *m = NULL;
	char text[1024];

	snprintf(text, sizeof text, SYSTEM("%s"), fields);
	why.text[0] = '\0';
	return mapping_parse(&m, SPAN("c.s"), SPAN(ENTITY), span_str(text),
	    NULL, &why) ? NULL : m;
}

struct row {
	const char *mapping, *fields, *history, *out; /* out NULL: refused */
};

static const struct row rows[] = {
	{ "sum: {from: \"S\", dir: \"push\", history: \"H\"}",
	    "{\"sum\":10}", "{\"sum\":" LIST "}", "{\"S\":10,\"H\":[1.5,10]}" },
	{ "sum: {from: \"S\", dir: \"both\", history: {to: \"H\", join:"
	    " \" < \"}, trend: \"T\"}", "{\"sum\":10}", "{\"sum\":" LIST "}",
	    "{\"S\":10,\"H\":\"1.5 < 10\",\"T\":\"up\"}" },
	{ "sum: {from: \"S\", dir: \"push\", trend: \"T\"}", "{\"sum\":10}",
	    "{\"sum\":[{\"value\":10}]}", "{\"S\":10,\"T\":null}" },
	{ "sum: {from: \"S\", dir: \"push\", history: \"H\"}",
	    "{\"sum\":null}", "{\"sum\":[]}", "{\"S\":null,\"H\":[]}" },
	{ "note: {from: \"N\", dir: \"push\", history: {to: \"H\", join:"
	    " \"\"}}", "{\"note\":\"a\"}",
	    "{\"note\":[{\"value\":\"\\u00e9\\n\"},{\"value\":\"a\"}]}",
	    "{\"N\":\"a\",\"H\":\"\xc3\xa9\\na\"}" },
	{ "sum: {from: \"S\", dir: \"push\", write: \"$history | map(.value)"
	    " | add\"}", "{\"sum\":10}", "{\"sum\":" LIST "}",
	    "{\"S\":11.5}" },
	{ "sum: {from: \"S\", dir: \"push\", write: \"[., ($history | length),"
	    " ($record | length)]\"}", "{\"sum\":10,\"note\":\"x\"}", "{}",
	    "{\"S\":[10,0,2]}" },
	/* nothing is known of it: nothing is said */
	{ "sum: {from: \"S\", dir: \"push\", history: \"H\", trend: \"T\"}",
	    "{\"sum\":10}", "{}", "{\"S\":10}" },
	/* what is not sent brings no history */
	{ "sum: {from: \"S\", dir: \"push\", history: \"H\"}", "{}",
	    "{\"sum\":" LIST "}", "{}" },
	{ "sum: {from: \"S\", dir: \"push\", history: \"H\"}",
	    "{\"sum\":10}", "{\"sum\":[1,2]}", NULL },
	{ "sum: {from: \"S\", dir: \"push\", history: \"H\"}",
	    "{\"sum\":10}", "{\"sum\":{}}", NULL },
};

static void
test_written(void)
{
	struct json j;
	struct buf out;

	json_init(&j);
	buf_init(&out, 4096, "data");
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct mapping *m = load(rows[i].mapping);
		char text[1024];
		enum rc rc;

		snprintf(text, sizeof text, "{\"fields\":%s,\"history\":%s}",
		    rows[i].fields, rows[i].history);
		buf_reset(&out);
		if (!m || json_parse(&j, span_str(text), &why)) {
			ok(false, "%s: %s", rows[i].mapping, why.text);
			continue;
		}
		rc = mapping_write_history(m, &j, json_get(&j, 0,
		    SPAN("fields")), json_get(&j, 0, SPAN("history")), &out,
		    &why);
		if (rows[i].out)
			is(rc ? span_str(why.text) : buf_view(&out),
			    span_str(rows[i].out), rows[i].mapping);
		else
			ok(rc == RC_RECORD, "%s of %s: %s", rows[i].mapping,
			    rows[i].history, why.text);
		mapping_free(m);
	}
	buf_free(&out);
	json_free(&j);
}

static void
test_columns(void)
{
	struct mapping *m = load("sum: {from: \"S\", dir: \"both\", history:"
	    " \"H\", trend: \"T\"}");
	const struct span *names;
	size_t n;

	names = mapping_list_columns(m, DIR_PUSH, &n);
	ok(n == 4 && span_eq(names[2], SPAN("H")) &&
	    span_eq(names[3], SPAN("T")), "they are columns that are written");
	(void)mapping_list_columns(m, DIR_PULL, &n);
	ok(n == 2, "and not read");
	mapping_free(m);
}

static const struct { const char *fields, *words; } refused[] = {
	{ "plain: {from: \"P\", dir: \"push\", history: \"H\"}",
	    "keeps no history" },
	{ "plain: {from: \"P\", dir: \"push\", write: \"$history\"}",
	    "keeps no history" },
	{ "sum: {from: \"S\", dir: \"pull\", history: \"H\"}", "dir" },
	{ "note: {from: \"N\", dir: \"push\", trend: \"T\"}", "numbers" },
	{ "sum: {from: \"S\", dir: \"both\", read: \"$history\","
	    " write: \".\"}", "written" },
	{ "sum: {from: \"S\", dir: \"push\", history: {join: \"x\"}}",
	    "history: needs to" },
	{ "sum: {from: \"S\", dir: \"push\", history: {too: \"x\"}}",
	    "\"to\"" },
	{ "sum: {from: \"S\", dir: \"push\", history: 5}", "text" },
	{ "sum: {from: \"S\", dir: \"push\", history: \"S\"}",
	    "both are written" },
	{ "sum: {from: \"S\", dir: \"push\", history: \"H\", trend: \"H\"}",
	    "both are written" },
	{ "sum: {from: \"S\", dir: \"push\", trend: \"N\"}, note: {from:"
	    " \"N\", dir: \"push\"}", "both are written" },
	{ "sum: {from: \"S\", dir: \"push\", trend: \"Id\"}", "the id" },
};

int
main(void)
{
	test_written();
	test_columns();
	for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
		struct mapping *m = load(refused[i].fields);

		ok(!m && strstr(why.text, refused[i].words), "%s: %s",
		    refused[i].fields, why.text);
		mapping_free(m);
	}
	return tap_done();
}
