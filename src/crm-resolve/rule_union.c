/* SPDX-License-Identifier: MIT */
/* rule_union: a list out of everybody's changes to it. */
#include "rules.h"

#include "../lib/charcase.h"
#include "../lib/limits.h"
#include "../lib/type.h"

struct list {
	struct span *items;
	size_t count, room;
};

static bool
has(const struct list *l, struct span item)
{
	for (size_t i = 0; i < l->count; i++)
		if (span_eq(l->items[i], item))
			return true;
	return false;
}

static void
add(struct list *l, struct span item, struct arena *a)
{
	if (has(l, item))
		return;
	if (l->count == l->room) {
		size_t room = 2 * l->room + 8;
		struct span *items = arena_alloc(a, room * sizeof *items);

		if (l->count)
			memcpy(items, l->items, l->count * sizeof *items);
		l->items = items;
		l->room = room;
	}
	l->items[l->count++] = item;
}

static void
drop(struct list *l, struct span item)
{
	size_t kept = 0;

	for (size_t i = 0; i < l->count; i++)
		if (!span_eq(l->items[i], item))
			l->items[kept++] = l->items[i];
	l->count = kept;
}

/* What stands between items, without the white space around it. */
static struct span
separator(const struct entity_field *f)
{
	struct span bare = charcase_trim(f->separator);

	return bare.len ? bare : f->separator;
}

static void
split(const struct dispute *d, struct span text, struct list *out)
{
	struct span sep = separator(d->field), item;
	size_t at = 0, from = 0;

	for (; at <= text.len; at++) {
		bool ends = at == text.len || (text.len - at >= sep.len &&
		    memcmp(text.ptr + at, sep.ptr, sep.len) == 0);

		if (!ends)
			continue;
		item = charcase_trim(span_of(text.ptr + from, at - from));
		if (item.len)
			add(out, item, d->arena);
		from = at + sep.len;
		at = at < text.len ? from - 1 : at;
	}
}

/* A list's items: JSON texts, or plain ones of a text. */
static enum rc
take_items(const struct dispute *d, struct span value, struct json *j,
    struct list *out, struct err *e)
{
	enum rc rc;

	*out = (struct list){ .count = 0 };
	if (!value.ptr || span_eq(value, record_null))
		return RC_OK;
	rc = json_parse(j, value, e);
	if (rc)
		return rc;
	if (d->field->type == TYPE_TEXT && json_kind(j, 0) == JSON_STRING) {
		split(d, json_string(j, 0, d->arena), out);
		return RC_OK;
	}
	if (json_kind(j, 0) != JSON_ARRAY)
		return err_set(e, RC_RECORD, "a value is no list");
	for (JSON_ITEMS(j, 0, item))
		add(out, json_text(j, item), d->arena);
	return RC_OK;
}

/* One side's change: what it took out, and what it put in. */
static enum rc
take_change(const struct dispute *d, const struct candidate *c,
    struct json *j, struct list *out, struct list *in, struct err *e)
{
	struct list base, now;
	enum rc rc = take_items(d, c->base, j, &base, e);

	if (!rc)
		rc = take_items(d, c->value, j, &now, e);
	if (rc)
		return rc;
	for (size_t i = 0; i < base.count; i++)
		if (!has(&now, base.items[i]))
			add(out, base.items[i], d->arena);
	for (size_t i = 0; i < now.count; i++)
		if (!has(&base, now.items[i]))
			add(in, now.items[i], d->arena);
	return RC_OK;
}

static enum rc
merge_lists(const struct dispute *d, struct json *j, struct list *all,
    struct err *e)
{
	struct list out = { .count = 0 }, in = { .count = 0 };
	enum rc rc = take_items(d, d->agreed, j, all, e);

	for (size_t i = 0; i < d->count && !rc; i++)
		if (!d->candidates[i].agreed)
			rc = take_change(d, &d->candidates[i], j, &out, &in,
			    e);
	for (size_t i = 0; i < out.count && !rc; i++)
		drop(all, out.items[i]);
	for (size_t i = 0; i < in.count && !rc; i++)
		add(all, in.items[i], d->arena);
	return rc;
}

static void
put_text(struct buf *b, const struct dispute *d, const struct list *l)
{
	struct buf text;

	buf_init(&text, LIMIT_LINE, "value");
	for (size_t i = 0; i < l->count; i++) {
		if (i)
			buf_span(&text, d->field->separator);
		buf_span(&text, l->items[i]);
	}
	if (text.len)
		json_put_string(b, buf_view(&text));
	else
		BUF_LIT(b, "null");
	b->over |= text.over;
	buf_free(&text);
}

static void
put_list(struct buf *b, const struct list *l)
{
	buf_putc(b, '[');
	for (size_t i = 0; i < l->count; i++) {
		if (i)
			buf_putc(b, ',');
		buf_span(b, l->items[i]);
	}
	buf_putc(b, ']');
}

enum rc
rule_union(const struct dispute *d, struct span *out, struct err *e)
{
	struct list all;
	struct json j;
	struct buf b;
	enum rc rc;

	json_init(&j);
	buf_init(&b, LIMIT_LINE, "value");
	rc = merge_lists(d, &j, &all, e);
	if (!rc && d->field->type == TYPE_TEXT)
		put_text(&b, d, &all);
	else if (!rc)
		put_list(&b, &all);
	if (!rc)
		rc = buf_check(&b, e);
	if (!rc)
		rc = type_fit(d->field, buf_view(&b), d->arena, out, e);
	buf_free(&b);
	json_free(&j);
	return rc ? err_prefix(e, RC_RECORD, "union") : RC_OK;
}
