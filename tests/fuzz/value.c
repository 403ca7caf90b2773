/* SPDX-License-Identifier: MIT */
/*
 * Any text, and any JSON value, as a value of every type: refused with words,
 * or a canonical text that is JSON, has no line end in it, and stays as it is
 * when it comes back as what was written.
 */
#include <stdlib.h>

#include "type.h"
#include "utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct json json, again;
static struct buf once, twice;
static struct arena arena;

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static void
start(void)
{
	arena_reset(&arena);
	if (once.cap)
		return;
	json_init(&json);
	json_init(&again);
	arena_init(&arena);
	buf_init(&once, 64u << 20, "value");
	buf_init(&twice, 64u << 20, "value");
}

static struct entity_field
field_of(enum field_type type)
{
	return (struct entity_field){ .name = SPAN("f"), .type = type,
		.scale = type == TYPE_NUMBER ? 2 : -1, .to = SPAN("user") };
}

static void
one_type(const struct entity_field *f, const struct map_value *v)
{
	struct map_value back;
	struct err e = { "" };
	enum rc rc;

	buf_reset(&once);
	buf_reset(&twice);
	rc = type_put(f, NULL, v, &arena, &once, &e);
	must(rc == RC_OK || (rc == RC_RECORD && e.text[0]));
	if (rc)
		return;
	must(!once.over && !memchr(once.ptr, '\n', once.len));
	must(json_parse(&again, buf_view(&once), &e) == RC_OK);
	back = (struct map_value){ .kind = json_kind(&again, 0),
		.json = &again, .text = json_text(&again, 0) };
	if (back.kind == JSON_STRING)
		back.text = json_string(&again, 0, &arena);
	must(type_put(f, NULL, &back, &arena, &twice, &e) == RC_OK);
	must(span_eq(buf_view(&once), buf_view(&twice)));
	must(type_equivalent(f, 0, buf_view(&once), buf_view(&twice)));
}

static void
all_types(const struct map_value *v)
{
	for (enum field_type t = TYPE_TEXT; t <= TYPE_JSON; t++) {
		struct entity_field f = field_of(t);

		one_type(&f, v);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = span_of((const char *)data, size);
	struct map_value v = { .kind = JSON_STRING, .text = text };
	struct err e;

	start();
	if (utf8_valid(text) != size)
		return 0;
	all_types(&v);
	if (json_parse(&json, text, &e))
		return 0;
	v = (struct map_value){ .kind = json_kind(&json, 0), .json = &json,
		.text = json_text(&json, 0) };
	if (v.kind == JSON_STRING)
		v.text = json_string(&json, 0, &arena);
	all_types(&v);
	return 0;
}
