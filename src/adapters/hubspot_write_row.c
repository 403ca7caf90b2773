/* SPDX-License-Identifier: MIT */
/* hubspot_write_row: an item in HubSpot's own values, and whether what is
 * there is what it was decided against. */
#include "hubspot_write.h"

#include <stdlib.h>
#include <string.h>

#include "../lib/charcase.h"
#include "../lib/clock.h"
#include "../lib/decimal.h"
#include "../lib/limits.h"
#include "../lib/url.h"
#include "../lib/xalloc.h"

#define ONE "association:"   /* with one record of a type */
#define ALL "associations:"  /* all of them: read only */
#define VALUE_CAP (1u << 20) /* bytes of a property's value */

static bool
takes(struct span *s, struct span front)
{
	if (s->len <= front.len || memcmp(s->ptr, front.ptr, front.len) != 0)
		return false;
	*s = span_of(s->ptr + front.len, s->len - front.len);
	return true;
}

/* ---- values ---- */

/*
 * A list is a text with semicolons; one in front would add to what is there,
 * and one within an item would make two of it.
 */
static bool
put_list(const struct json *j, uint32_t list, struct buf *b,
    struct arena *a)
{
	for (JSON_ITEMS(j, list, item)) {
		struct span s = json_text(j, item);

		if (json_kind(j, item) > JSON_STRING)
			return false;
		if (json_kind(j, item) == JSON_STRING)
			s = json_string(j, item, a);
		if (!s.len || json_kind(j, item) == JSON_NULL)
			continue;
		if (memchr(s.ptr, ';', s.len))
			return false;
		if (b->len)
			buf_putc(b, ';');
		buf_span(b, s);
	}
	return !b->over;
}

/* As HubSpot takes it: all values are texts, none is the empty one. */
static bool
text_of(const struct json *j, uint32_t node, struct arena *a,
    struct span *out)
{
	struct buf list;
	bool fits = true;

	switch (json_kind(j, node)) {
	case JSON_NULL:
		*out = SPAN("");
		break;
	case JSON_STRING:
		*out = arena_dup(a, json_string(j, node, a));
		break;
	case JSON_ARRAY:
		buf_init(&list, VALUE_CAP, "value");
		fits = put_list(j, node, &list, a);
		*out = arena_dup(a, buf_view(&list));
		buf_free(&list);
		break;
	case JSON_OBJECT:
		return false;
	default:
		*out = arena_dup(a, json_text(j, node));
	}
	return fits;
}

/* ---- from an item ---- */

static void
describe_prop(const struct writing *w, struct write_prop *p)
{
	const struct mapping *m = w->to->mapping;

	p->type = TYPE_TEXT;
	p->pushed = true;
	for (size_t i = 0; m && i < m->field_count; i++) {
		const struct map_field *f = &m->fields[i];

		if (!span_eq(f->from, p->name))
			continue;
		p->type = m->entity->fields[f->field].type;
		p->pushed = f->dir == DIR_PUSH && !f->keep_drift;
		return;
	}
}

static enum rc
refuse(struct err *e, struct span name, const char *why)
{
	return err_set(e, RC_RECORD, "%.*s: %s", SPAN_ARG(name), why);
}

static enum rc
add_link(struct writing *w, struct write_row *r, struct span type,
    const struct json *data, uint32_t value, const struct json *expected,
    uint32_t had, struct err *e)
{
	struct write_link *l = &r->links[r->link_count++];

	*l = (struct write_link){ .expected = had != 0 };
	if (!text_of(data, value, w->arena, &l->to) ||
	    (had && !text_of(expected, had, w->arena, &l->was)))
		return refuse(e, type, "an id is a text");
	return hubspot_write_pair(w, arena_dup(w->arena, type), &l->pair, e);
}

static enum rc
add_member(struct writing *w, struct write_row *r, const struct json *data,
    uint32_t key, uint32_t value, const struct json *expected,
    struct err *e)
{
	struct span name = arena_dup(w->arena, json_string(data, key,
	    w->arena)), type = name;
	uint32_t had = json_get(expected, 0, name);
	struct write_prop *p = &r->props[r->prop_count];

	if (takes(&type, SPAN(ALL)))
		return refuse(e, name, "all associations of a type are only "
		    "read; " ONE "TYPE is written");
	if (takes(&type, SPAN(ONE)))
		return add_link(w, r, type, data, value, expected, had, e);
	*p = (struct write_prop){ .name = name };
	if (!text_of(data, value, w->arena, &p->value))
		return refuse(e, name, "an object, or a list of them, is no "
		    "value of a property, nor is a list with \";\" in an "
		    "item");
	if (had && !text_of(expected, had, w->arena, &p->expected))
		p->expected = span_of(NULL, 0);
	if (span_eq(name, SPAN("email")) && w->object.type->name &&
	    strcmp(w->object.type->name, "contacts") == 0)
		r->email = p->value;
	describe_prop(w, p);
	r->prop_count++;
	return RC_OK;
}

static enum rc
parse(struct json *j, struct span text, const char *what, struct err *e)
{
	enum rc rc = json_parse(j, text.len ? text : SPAN("{}"), e);

	if (!rc && json_kind(j, 0) != JSON_OBJECT)
		rc = err_set(e, RC_RECORD, "not an object");
	return rc ? err_prefix(e, rc, "%s", what) : RC_OK;
}

void
hubspot_write_row(struct writing *w, struct write_row *r, struct json *data,
    struct json *expected)
{
	struct err e;
	size_t most;
	enum rc rc = parse(data, r->item->data, "data", &e);

	if (!rc)
		rc = parse(expected, r->item->expected, "expected", &e);
	most = rc ? 0 : data->count / 2 + 1;
	r->props = arena_alloc(w->arena, most * sizeof *r->props + 1);
	r->links = arena_alloc(w->arena, most * sizeof *r->links + 1);
	if (!rc)
		for (JSON_EACH(data, 0, key, value)) {
			rc = add_member(w, r, data, key, value, expected, &e);
			if (rc)
				break;
		}
	if (rc)
		hubspot_write_end(r, WRITE_FAILED, &e);
}

/* ---- are two values the same? ---- */

static struct span
trimmed(struct span s)
{
	while (s.len && (unsigned char)s.ptr[0] <= ' ')
		s = span_of(s.ptr + 1, s.len - 1);
	while (s.len && (unsigned char)s.ptr[s.len - 1] <= ' ')
		s.len--;
	return s;
}

/* An instant, a day, or milliseconds since 1970. */
static bool
parse_time(struct span s, int64_t *ms)
{
	char room[32];
	int64_t n = 0;

	if (clock_parse(s, ms))
		return true;
	if (s.len == 10 && s.ptr[4] == '-') {
		memcpy(room, s.ptr, 10);
		memcpy(room + 10, "T00:00:00Z", 10);
		return clock_parse(span_of(room, 20), ms);
	}
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] < '0' || s.ptr[i] > '9' || i > 14)
			return false;
		n = n * 10 + (s.ptr[i] - '0');
	}
	*ms = n;
	return s.len > 0;
}

bool
hubspot_write_same_time(struct span a, struct span b)
{
	int64_t one, other;

	if (span_eq(a, b))
		return true;
	return parse_time(a, &one) && parse_time(b, &other) && one == other;
}

static bool
same_number(struct span a, struct span b)
{
	struct buf one, other;
	bool same;

	buf_init(&one, LIMIT_DIGITS + 8, "number");
	buf_init(&other, LIMIT_DIGITS + 8, "number");
	same = decimal_put(&one, a, -1) && decimal_put(&other, b, -1) &&
	    span_eq(buf_view(&one), buf_view(&other));
	buf_free(&one);
	buf_free(&other);
	return same;
}

/* The next letter or digit, or -1. */
static int
next(struct span s, size_t *at)
{
	while (*at < s.len) {
		char c = s.ptr[(*at)++];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z'))
			return (unsigned char)c;
	}
	return -1;
}

/* Nothing else counts in a telephone number. */
static bool
same_phone(struct span a, struct span b)
{
	size_t i = 0, k = 0;
	int one, other;

	do {
		one = next(a, &i);
		other = next(b, &k);
	} while (one == other && one >= 0);
	return one == other;
}

/* The case of a host says nothing, that of a path may. */
static bool
same_url(struct span a, struct span b)
{
	struct buf one, other;
	struct err e;
	bool same;

	buf_init(&one, VALUE_CAP, "url");
	buf_init(&other, VALUE_CAP, "url");
	same = url_put(&one, a, &e) == RC_OK &&
	    url_put(&other, b, &e) == RC_OK &&
	    span_eq(buf_view(&one), buf_view(&other));
	buf_free(&one);
	buf_free(&other);
	return same;
}

static int
by_text(const void *a, const void *b)
{
	return span_cmp(*(const struct span *)a, *(const struct span *)b);
}

/* Its items in order, each once, to be freed; how many. */
static size_t
items_of(struct span list, struct span **out)
{
	struct span *items;
	size_t room = 1, n = 0, kept = 0;

	for (size_t i = 0; i < list.len; i++)
		room += list.ptr[i] == ';';
	*out = items = xcalloc(room, sizeof *items);
	while (list.len) {
		items[n] = span_cut(&list, ';');
		n += items[n].len != 0;
	}
	qsort(items, n, sizeof *items, by_text);
	for (size_t i = 0; i < n; i++)
		if (!kept || !span_eq(items[kept - 1], items[i]))
			items[kept++] = items[i];
	return kept;
}

static bool
same_items(struct span a, struct span b)
{
	struct span *one, *other;
	size_t n = items_of(a, &one), m = items_of(b, &other);
	bool same = n == m;

	for (size_t i = 0; i < n && same; i++)
		same = span_eq(one[i], other[i]);
	free(one);
	free(other);
	return same;
}

static bool
same(enum field_type type, struct span a, struct span b)
{
	a = trimmed(a);
	b = trimmed(b);
	if (span_eq(a, b))
		return true;
	if (!a.len || !b.len)
		return false;
	switch (type) {
	case TYPE_NUMBER:
	case TYPE_INTEGER:
		return same_number(a, b);
	case TYPE_DATE:
	case TYPE_DATETIME:
		return hubspot_write_same_time(a, b);
	case TYPE_EMAIL:
	case TYPE_BOOLEAN:
		return charcase_eq(a, b);
	case TYPE_URL:
		return same_url(a, b);
	case TYPE_PHONE:
		return same_phone(a, b);
	case TYPE_SET:
		return same_items(a, b);
	default:
		return false;
	}
}

/* ---- is it as it should be? ---- */

static struct span
there(const struct writing *w, uint32_t properties, struct span name)
{
	uint32_t node = json_get(&w->json, properties, name);

	if (!node || json_kind(&w->json, node) == JSON_NULL)
		return SPAN("");
	return json_kind(&w->json, node) == JSON_STRING ?
	    json_string(&w->json, node, w->arena) : json_text(&w->json, node);
}

bool
hubspot_write_holds(const struct writing *w, const struct write_row *r,
    uint32_t properties, bool strict)
{
	for (size_t i = 0; i < r->prop_count; i++) {
		const struct write_prop *p = &r->props[i];

		if (p->pushed && !strict)
			continue;
		if (!same(p->type, there(w, properties, p->name), p->value))
			return false;
	}
	return !strict || !r->item->stamp || !w->uid.len ||
	    span_eq(there(w, properties, w->uid), r->item->uid);
}

static bool
is_expected(const struct writing *w, const struct write_row *r,
    uint32_t properties)
{
	for (size_t i = 0; i < r->prop_count; i++) {
		const struct write_prop *p = &r->props[i];

		if (p->expected.ptr && !p->pushed && !same(p->type,
		    there(w, properties, p->name), p->expected))
			return false;
	}
	return true;
}

bool
hubspot_write_moved(const struct writing *w, const struct write_row *r,
    uint32_t properties, struct span version)
{
	const struct write_item *item = r->item;
	struct span known = r->left && r->seen.len ? r->seen : item->version;

	if (known.len && hubspot_write_same_time(known, version))
		return false;
	/* an answer that was lost may have been that of our own write */
	if (item->repeat || r->left)
		return item->kind != WRITE_UPDATE ||
		    !hubspot_write_holds(w, r, properties, false);
	if (!item->expected.len)
		return item->version.len != 0;
	return !is_expected(w, r, properties);
}

bool
hubspot_write_kept(const struct writing *w, const struct write_row *r,
    uint32_t properties, struct err *why)
{
	const struct span stage = SPAN("lifecyclestage");

	for (size_t i = 0; i < r->prop_count; i++) {
		const struct write_prop *p = &r->props[i];
		struct span is;

		if (!span_eq(p->name, stage) || !p->value.len ||
		    !json_get(&w->json, properties, stage))
			continue;
		is = there(w, properties, stage);
		if (same(p->type, is, p->value))
			continue;
		(void)err_set(why, RC_RECORD, "lifecyclestage stayed at "
		    "%.*s: HubSpot moves it forward only, unless it is "
		    "cleared first; all else was written", SPAN_ARG(is));
		return true;
	}
	return false;
}
