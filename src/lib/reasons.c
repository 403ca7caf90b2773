/* SPDX-License-Identifier: MIT */
#include "reasons.h"

#include <stdio.h>

#include "utf8.h"

/* What is cut must not end in half a character. */
static void
name(char text[REASON_TEXT], const char *stage, const char *reason)
{
	if (snprintf(text, REASON_TEXT, "%s%s%s", stage ? stage : "",
	    stage ? ": " : "", reason) < 0)
		text[0] = '\0';
	text[utf8_valid(span_str(text))] = '\0';
}

void
reasons_add(struct reasons *r, const char *stage, const char *reason,
    uint64_t count)
{
	char text[REASON_TEXT];

	name(text, stage, reason);
	for (size_t i = 0; i < r->count; i++)
		if (strcmp(r->items[i].text, text) == 0) {
			r->items[i].count += count;
			return;
		}
	if (r->count == REASONS_MOST) {
		r->others += count;
		return;
	}
	memcpy(r->items[r->count].text, text, sizeof text);
	r->items[r->count++].count = count;
}

static void
put(struct buf *b, const char *before, uint64_t count, const char *text)
{
	buf_printf(b, "%s{\"count\":%llu,\"reason\":", before,
	    (unsigned long long)count);
	json_put_string(b, span_str(text));
	buf_putc(b, '}');
}

void
reasons_put(struct buf *b, const struct reasons *r)
{
	if (!r->count)
		return;
	BUF_LIT(b, ",\"reasons\":[");
	for (size_t i = 0; i < r->count; i++)
		put(b, i ? "," : "", r->items[i].count, r->items[i].text);
	if (r->others)
		put(b, ",", r->others, "other reasons");
	buf_putc(b, ']');
}

void
reasons_take(struct reasons *r, const struct json *j, uint32_t stage)
{
	uint32_t list = json_get(j, stage, SPAN("reasons"));
	struct arena a;

	if (!list || json_kind(j, list) != JSON_ARRAY)
		return;
	arena_init(&a);
	for (JSON_ITEMS(j, list, item)) {
		struct span text;

		if (json_kind(j, item) != JSON_OBJECT)
			continue;
		text = json_get_string(j, item, SPAN("reason"), &a);
		reasons_add(r, NULL, arena_cstr(&a, text),
		    (uint64_t)json_get_int(j, item, SPAN("count"), 0));
	}
	arena_free(&a);
}
