/* SPDX-License-Identifier: MIT */
/*
 * A system file of any bytes: refused with words, or loaded; then records go
 * through it, and what it writes of them can be read as JSON again.
 */
#include <stdlib.h>

#include "mapping.h"
#include "mapping_private.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
const char *__lsan_default_suppressions(void);

/* libjq 1.6 loses a few bytes of a program that does not compile. */
const char *
__lsan_default_suppressions(void)
{
	return "leak:libjq";
}

static const char entity[] = "{entity: \"c\", match: [[\"mail\"]], fields: {"
    "name: {type: \"text\", required: true, max_length: 10},"
    "mail: {type: \"email\"}, tel: {type: \"phone\"}, web: {type: \"url\"},"
    "tier: {type: \"enum\", values: [\"gold\", \"other\"]},"
    "tags: {type: \"set\"}, sum: {type: \"number\", scale: 2},"
    "n: {type: \"integer\"}, ok: {type: \"boolean\"},"
    "day: {type: \"date\"}, at: {type: \"datetime\"},"
    "owner: {type: \"ref\", to: \"user\"}, any: {type: \"json\"}}}";

static const char *const records[] = {
	"{\"Id\":\"1\",\"A\":\"x\",\"B\":\"a@b.example\",\"C\":\"12.5\"}",
	"{\"Id\":2,\"A\":null,\"B\":\"\",\"C\":{\"D\":[1,\"e\"]}}",
	"{\"a\":\"2026-11-20\",\"b\":true,\"c\":\"gold;other\",\"C.D\":1}",
};

static struct json json;
static struct buf fields, notes, out;

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static void
start(void)
{
	if (fields.cap)
		return;
	json_init(&json);
	buf_init(&fields, 1u << 20, "fields");
	buf_init(&notes, 1u << 20, "notes");
	buf_init(&out, 1u << 20, "data");
}

static void
one_record(struct mapping *m, const char *text)
{
	struct err e;
	enum rc rc;

	buf_reset(&fields);
	buf_reset(&notes);
	buf_reset(&out);
	must(json_parse(&json, span_str(text), &e) == RC_OK);
	rc = mapping_read(m, &json, 0, &fields, &notes, &e);
	must(rc == RC_OK || rc == RC_RECORD);
	if (rc)
		return;
	must(json_parse(&json, buf_view(&fields), &e) == RC_OK);
	rc = mapping_write(m, &json, 0, &out, &e);
	must(rc == RC_OK || rc == RC_RECORD);
	must(rc || json_parse(&json, buf_view(&out), &e) == RC_OK);
}

/* Expressions may run for ever: that is their author's to see to. */
static bool
has_expression(const struct mapping *m)
{
	return m->private->program_count > 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mapping *m;
	struct err e = { "" };
	size_t i, columns;
	enum rc rc;

	start();
	rc = mapping_parse(&m, SPAN("c.s"), SPAN(entity),
	    span_of((const char *)data, size), NULL, &e);
	must(rc == RC_OK || (rc == RC_CONFIG && !m && e.text[0]));
	if (rc)
		return 0;
	mapping_list_columns(m, DIR_PULL, &columns);
	mapping_list_columns(m, DIR_PUSH, &columns);
	for (i = 0; i < 3 && !has_expression(m); i++)
		one_record(m, records[i]);
	mapping_free(m);
	return 0;
}
