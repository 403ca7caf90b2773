/* SPDX-License-Identifier: MIT */
/* hubspot_columns: which properties and associations are asked for. */
#include "hubspot_read.h"

#include "../lib/mapping.h"
#include "../lib/percent.h"
#include "../lib/xalloc.h"

#include <stdlib.h>

/* These stand beside a record's properties, not among them. */
static bool
is_envelope(struct span name)
{
	return span_eq(name, SPAN("id")) || span_eq(name, SPAN("archived")) ||
	    span_eq(name, SPAN("createdAt")) ||
	    span_eq(name, SPAN("updatedAt")) ||
	    span_eq(name, SPAN("archivedAt")) ||
	    span_eq(name, SPAN("merged_into"));
}

static void
add_name(struct hubspot_columns *c, struct span name)
{
	for (size_t i = 0; i < c->count; i++)
		if (span_eq(c->names[i], name))
			return;
	if (c->count == c->room) {
		c->room = c->room ? 2 * c->room : 64;
		c->names = xrealloc(c->names, c->room * sizeof *c->names);
	}
	c->names[c->count++] = name;
}

static struct hubspot_link *
link_of(struct hubspot_columns *c, struct span type)
{
	for (size_t i = 0; i < c->link_count; i++)
		if (span_eq(c->links[i].type, type))
			return &c->links[i];
	c->links = xrealloc(c->links, (c->link_count + 1) *
	    sizeof *c->links);
	c->links[c->link_count] = (struct hubspot_link){ .type = type };
	return &c->links[c->link_count++];
}

/* Takes `front` off. */
static bool
takes(struct span *s, struct span front)
{
	if (s->len < front.len || memcmp(s->ptr, front.ptr, front.len) != 0)
		return false;
	*s = span_of(s->ptr + front.len, s->len - front.len);
	return true;
}

static void
add_column(struct hubspot_columns *c, struct span name)
{
	if (takes(&name, SPAN("association:")))
		link_of(c, name)->one = true;
	else if (takes(&name, SPAN("associations:")))
		link_of(c, name)->all = true;
	else if (!is_envelope(name))
		add_name(c, name);
}

/* Whatever else: what says when it changed, and what it was made of. */
static void
add_own(struct hubspot_columns *c, const struct hubspot_object *o)
{
	add_name(c, SPAN("hs_object_id"));
	add_name(c, span_str(o->type->modified));
	if (o->type->merges)
		add_name(c, SPAN("hs_merged_object_ids"));
}

void
hubspot_columns_init(struct hubspot_columns *c,
    const struct hubspot_object *o, const struct mapping *m)
{
	const struct span *names;
	size_t n;

	*c = (struct hubspot_columns){ .known = m != NULL };
	arena_init(&c->arena);
	if (!m)
		return;
	names = mapping_list_columns(m, DIR_PULL, &n);
	for (size_t i = 0; i < n; i++)
		add_column(c, names[i]);
	add_own(c, o);
}

void
hubspot_columns_free(struct hubspot_columns *c)
{
	arena_free(&c->arena);
	free(c->names);
	free(c->links);
}

enum rc
hubspot_columns_take(struct hubspot_columns *c,
    const struct hubspot_object *o, const struct json *j, struct err *e)
{
	uint32_t results = json_get(j, 0, SPAN("results"));

	if (!results || json_kind(j, results) != JSON_ARRAY)
		return err_set(e, RC_REMOTE, "HubSpot does not say which "
		    "properties there are");
	for (JSON_ITEMS(j, results, item)) {
		struct span name = json_get_string(j, item, SPAN("name"),
		    &c->arena);

		if (name.len)
			add_name(c, arena_dup(&c->arena, name));
	}
	add_own(c, o);
	c->known = true;
	return RC_OK;
}

void
hubspot_columns_put_path(struct buf *b, const struct hubspot_columns *c)
{
	for (size_t i = 0; i < c->count; i++) {
		if (i)
			buf_putc(b, ',');
		percent_put(b, c->names[i]);
	}
}

void
hubspot_columns_put_json(struct buf *b, const struct hubspot_columns *c)
{
	for (size_t i = 0; i < c->count; i++) {
		buf_putc(b, i ? ',' : '[');
		json_put_string(b, c->names[i]);
	}
	buf_putc(b, ']');
}
