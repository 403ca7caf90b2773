/* SPDX-License-Identifier: MIT */
#include "json_canonical.h"

#include <stdlib.h>

#include "decimal.h"

struct member {
	struct span name;
	uint32_t value;
};

static int
by_name(const void *a, const void *b)
{
	return span_cmp(((const struct member *)a)->name,
	    ((const struct member *)b)->name);
}

/* Names are there once (json.h), so that their order is one. */
static struct member *
members_of(const struct json *j, uint32_t object, struct arena *a,
    size_t *count)
{
	struct member *m;
	size_t n = 0;

	for (JSON_EACH(j, object, key, value))
		n++;
	m = arena_alloc(a, (n + 1) * sizeof *m);
	*count = n;
	n = 0;
	for (JSON_EACH(j, object, key, value))
		m[n++] = (struct member){ json_string(j, key, a), value };
	qsort(m, n, sizeof *m, by_name);
	return m;
}

static void
put_object(struct buf *b, const struct json *j, uint32_t node,
    struct arena *a)
{
	size_t count, i;
	const struct member *m = members_of(j, node, a, &count);

	buf_putc(b, '{');
	for (i = 0; i < count; i++) {
		if (i)
			buf_putc(b, ',');
		json_put_string(b, m[i].name);
		buf_putc(b, ':');
		json_canonical_put(b, j, m[i].value, a);
	}
	buf_putc(b, '}');
}

static void
put_array(struct buf *b, const struct json *j, uint32_t node, struct arena *a)
{
	bool first = true;

	buf_putc(b, '[');
	for (JSON_ITEMS(j, node, item)) {
		if (!first)
			buf_putc(b, ',');
		first = false;
		json_canonical_put(b, j, item, a);
	}
	buf_putc(b, ']');
}

/* As deep as json_parse lets a text be. */
void
json_canonical_put(struct buf *b, const struct json *j, uint32_t node,
    struct arena *a)
{
	struct span text = json_text(j, node);

	switch (json_kind(j, node)) {
	case JSON_OBJECT:
		put_object(b, j, node, a);
		break;
	case JSON_ARRAY:
		put_array(b, j, node, a);
		break;
	case JSON_STRING:
		json_put_string(b, json_string(j, node, a));
		break;
	case JSON_NUMBER:
		if (!decimal_put(b, text, -1))
			buf_span(b, text);
		break;
	default:
		buf_span(b, text);
	}
}
