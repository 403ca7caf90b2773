/* SPDX-License-Identifier: MIT */
#include "address.h"

#include "percent.h"

#define ID SPAN("{id}")
#define OBJECT SPAN("{object}")

static bool
begins(struct span s, struct span with)
{
	return s.len >= with.len && memcmp(s.ptr, with.ptr, with.len) == 0;
}

static bool
has_id(struct span s)
{
	for (; s.len; s = span_of(s.ptr + 1, s.len - 1))
		if (begins(s, ID))
			return true;
	return false;
}

static bool
is_template(const struct json *j, uint32_t node)
{
	return json_kind(j, node) == JSON_STRING && has_id(json_inner(j,
	    node));
}

enum rc
address_check(const struct json *j, uint32_t system, struct err *e)
{
	uint32_t url = json_get(j, system, SPAN("url"));
	bool fine = !url || is_template(j, url);

	if (url && json_kind(j, url) == JSON_OBJECT) {
		fine = true;
		for (JSON_EACH(j, url, key, value))
			fine &= is_template(j, value);
	}
	return fine ? RC_OK : err_set(e, RC_CONFIG, "url: must be a text with"
	    " {id} in it, or {OBJECT: text, ...}");
}

static void
fill(struct buf *b, struct span text, struct span object, struct span id)
{
	while (text.len) {
		size_t taken = 1;

		if (begins(text, ID)) {
			percent_put(b, id);
			taken = ID.len;
		} else if (begins(text, OBJECT)) {
			percent_put(b, object);
			taken = OBJECT.len;
		} else {
			buf_putc(b, *text.ptr);
		}
		text = span_of(text.ptr + taken, text.len - taken);
	}
}

bool
address_put(struct buf *b, const struct systems *s, struct span system,
    struct span object, struct span id)
{
	const struct system *declared = systems_find(s, system);
	const struct json *j = &s->json;
	struct arena a;
	uint32_t url;

	if (!declared || !declared->node)
		return false;
	url = json_get(j, declared->node, SPAN("url"));
	if (url && json_kind(j, url) == JSON_OBJECT)
		url = json_get(j, url, object);
	if (!url)
		return false;
	arena_init(&a);
	fill(b, json_string(j, url, &a), object, id);
	arena_free(&a);
	return true;
}
