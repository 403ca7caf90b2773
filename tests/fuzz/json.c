/* SPDX-License-Identifier: MIT */
/*
 * What json_parse accepts, json_put_value writes as a text that reads back as
 * the same values and writes itself again.
 */
#include <stdlib.h>

#include "json.h"
#include "utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct json first, second;
static struct arena arena;
static struct buf once, twice;
static struct err err;

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static void
start(void)
{
	if (once.cap)
		return;
	json_init(&first);
	json_init(&second);
	arena_init(&arena);
	buf_init(&once, 64u << 20, "text");
	buf_init(&twice, 64u << 20, "text");
}

/* Every node lies inside its text, and scalars keep theirs. */
static void
check_nodes(size_t size)
{
	uint32_t i;

	must(first.count == second.count && first.nodes[0].next == first.count);
	for (i = 0; i < first.count; i++) {
		const struct json_node *a = &first.nodes[i];
		const struct json_node *b = &second.nodes[i];

		must((size_t)a->start + a->length <= size);
		must(a->kind == b->kind && a->next == b->next &&
		    a->tag == b->tag && a->next > i && a->next <= first.count);
		if (a->kind < JSON_STRING)
			must(span_eq(json_text(&first, i),
			    json_text(&second, i)));
		if (a->kind == JSON_STRING)
			must(json_is(&second, i,
			    json_string(&first, i, &arena)));
	}
}

/* Each member is found by its name and no other is. */
static void
check_members(void)
{
	uint32_t i, left = 2000;
	struct span name;

	for (i = 0; i < first.count; i++) {
		if (json_kind(&first, i) != JSON_OBJECT)
			continue;
		for (JSON_EACH(&first, i, key, value)) {
			if (left-- == 0)
				return;
			name = json_string(&first, key, &arena);
			must(utf8_valid(name) == name.len);
			must(json_get(&first, i, name) == value);
		}
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = span_of((const char *)data, size);

	start();
	if (json_parse(&first, text, &err)) {
		must(first.count == 0 && strncmp(err.text, "byte ", 5) == 0);
		return 0;
	}
	must(utf8_valid(text) == size);
	arena_reset(&arena);
	buf_reset(&once);
	buf_reset(&twice);
	json_put_value(&once, &first, 0, &arena);
	must(!once.over);
	must(json_parse(&second, buf_view(&once), &err) == RC_OK);
	json_put_value(&twice, &second, 0, &arena);
	must(span_eq(buf_view(&once), buf_view(&twice)));
	check_nodes(size);
	check_members();
	return 0;
}
