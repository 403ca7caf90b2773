/* SPDX-License-Identifier: MIT */
/* type: canonical form of every field type, and dispatch to the families. */
#include "type.h"

#include <stdlib.h>

#include "charcase.h"
#include "decimal.h"
#include "email.h"
#include "json_canonical.h"
#include "limits.h"
#include "phone.h"
#include "source_id.h"
#include "url.h"
#include "utf8.h"

static const struct datetime_spec iso = { NULL, 0, false, 0 };

static enum rc
put_quoted(struct buf *out, struct span text)
{
	json_put_string(out, text);
	return RC_OK;
}

static enum rc
put_number(const struct entity_field *f, const struct map_step *s,
    struct span text, struct buf *out, struct err *e)
{
	size_t start = out->len;
	char plain[2 * LIMIT_DIGITS];
	struct buf b = { plain, 0, sizeof(plain), sizeof(plain), "number",
		false };

	text = charcase_trim(text);
	if (s && s->mark && text.len < sizeof(plain)) {
		if (decimal_unmark(&b, text, s->mark))
			text = buf_view(&b);
	}
	if (!decimal_put(out, text, f->scale))
		return decimal_is_long(text) ? err_set(e, RC_RECORD, "is a "
		    "number of over %d digits", LIMIT_DIGITS) :
		    err_set(e, RC_RECORD, "is no number");
	if (f->type == TYPE_INTEGER && !decimal_is_integer(span_of(out->ptr +
	    start, out->len - start)))
		return err_set(e, RC_RECORD, "is no whole number");
	return RC_OK;
}

static enum rc
put_boolean(struct span text, struct buf *out, struct err *e)
{
	static const struct { const char *word; bool truth; } words[] = {
		{ "true", true }, { "false", false }, { "1", true },
		{ "0", false }, { "yes", true }, { "no", false },
		{ "y", true }, { "n", false }, { "t", true }, { "f", false },
		{ "on", true }, { "off", false } };
	size_t i;

	text = charcase_trim(text);
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (!charcase_eq(text, span_str(words[i].word)))
			continue;
		if (words[i].truth)
			BUF_LIT(out, "true");
		else
			BUF_LIT(out, "false");
		return RC_OK;
	}
	return err_set(e, RC_RECORD, "is neither true nor false");
}

/* The entity's spelling of a value; RC_RECORD when it is none of them. */
static enum rc
allowed(const struct entity_field *f, struct span *text, struct err *e)
{
	size_t i;

	*text = charcase_trim(*text);
	if (!f->value_count)
		return RC_OK;
	for (i = 0; i < f->value_count; i++)
		if (span_eq(*text, f->values[i]))
			return RC_OK;
	for (i = 0; i < f->value_count; i++)
		if (charcase_eq(*text, f->values[i])) {
			*text = f->values[i];
			return RC_OK;
		}
	return err_set(e, RC_RECORD, "is none of the allowed values");
}

static int
cmp_spans(const void *a, const void *b)
{
	return span_cmp(*(const struct span *)a, *(const struct span *)b);
}

/* Items of a text (parted) or an array, as plain spans. */
static enum rc
list_items(const struct map_step *s, const struct map_value *v,
    struct arena *a, struct span **items, size_t *count, struct err *e)
{
	struct span sep = s && s->separator.len ? s->separator : SPAN(";");
	struct span rest = v->text;
	size_t i, n = 1;

	if (v->kind == JSON_ARRAY)
		n = v->json->nodes[v->node].next - v->node;
	for (i = 0; v->kind == JSON_STRING && i < rest.len; i++)
		n += rest.ptr[i] == sep.ptr[0];
	*items = arena_alloc(a, n * sizeof(**items));
	*count = n = 0;
	if (v->kind == JSON_ARRAY) {
		for (JSON_ITEMS(v->json, v->node, item)) {
			if (json_kind(v->json, item) != JSON_STRING)
				return err_set(e, RC_RECORD, "has an item"
				    " that is no text");
			(*items)[n++] = json_string(v->json, item, a);
		}
		*count = n;
		return RC_OK;
	}
	for (i = 0; i + sep.len <= rest.len;) {
		if (memcmp(rest.ptr + i, sep.ptr, sep.len) != 0) {
			i++;
			continue;
		}
		(*items)[n++] = span_of(rest.ptr, i);
		rest = span_of(rest.ptr + i + sep.len, rest.len - i -
		    sep.len);
		i = 0;
	}
	(*items)[n++] = rest;
	*count = n;
	return RC_OK;
}

static enum rc
put_set(const struct entity_field *f, const struct map_step *s,
    const struct map_value *v, struct arena *a, struct buf *out,
    struct err *e)
{
	struct span *items, ours;
	size_t count = 0, i, n = 0;
	enum rc rc;

	if (v->kind != JSON_STRING && v->kind != JSON_ARRAY)
		return err_set(e, RC_RECORD, "is no list of texts");
	rc = list_items(s, v, a, &items, &count, e);
	for (i = 0; !rc && i < count; i++) {
		items[i] = charcase_trim(items[i]);
		if (!items[i].len)
			continue;
		ours = s ? mapping_step_ours(s, items[i]) : items[i];
		if (ours.ptr)
			items[i] = ours;
		rc = allowed(f, &items[i], e);
		items[n++] = items[i];
	}
	if (rc)
		return rc;
	qsort(items, n, sizeof(*items), cmp_spans);
	buf_putc(out, '[');
	for (i = 0; i < n; i++) {
		if (i && span_eq(items[i], items[i - 1]))
			continue;
		if (i)
			buf_putc(out, ',');
		json_put_string(out, items[i]);
	}
	buf_putc(out, ']');
	return RC_OK;
}

static enum rc
put_ref(const struct entity_field *f, const struct map_step *s,
    const struct map_value *v, struct arena *a, struct buf *out,
    struct err *e)
{
	struct span id = v->text, to;
	char room[SOURCE_ID_ROOM];

	if (v->kind == JSON_OBJECT) {
		to = json_get_string(v->json, v->node, SPAN("ref"), a);
		id = json_get_string(v->json, v->node, SPAN("id"), a);
		if (!id.ptr || !span_eq(to, f->to))
			return err_set(e, RC_RECORD, "is no reference to"
			    " \"%.*s\"", SPAN_ARG(f->to));
	} else if (v->kind != JSON_STRING && v->kind != JSON_NUMBER) {
		return err_set(e, RC_RECORD, "is no reference");
	}
	id = charcase_trim(id);
	if (!id.len || id.len > LIMIT_ID)
		return err_set(e, RC_RECORD, "has an empty or too long id");
	if (s)
		id = source_id(s->ids_of, id, room);
	BUF_LIT(out, "{\"ref\":");
	json_put_string(out, f->to);
	BUF_LIT(out, ",\"id\":");
	json_put_string(out, id);
	buf_putc(out, '}');
	return RC_OK;
}

static enum rc
put_json(const struct map_value *v, struct arena *a, struct buf *out)
{
	if (v->kind == JSON_ARRAY || v->kind == JSON_OBJECT)
		json_canonical_put(out, v->json, v->node, a);
	else if (v->kind == JSON_STRING)
		json_put_string(out, v->text);
	else if (v->kind != JSON_NUMBER || !decimal_put(out, v->text, -1))
		buf_span(out, v->text);
	return RC_OK;
}

/* The types whose canonical form is a text without anything JSON escapes. */
static enum rc
put_formed(const struct entity_field *f, const struct map_step *s,
    struct span text, struct buf *out, struct err *e)
{
	const struct datetime_spec *when = s ? &s->when : &iso;
	enum rc rc = RC_OK;

	buf_putc(out, '"');
	if (f->type == TYPE_DATE)
		rc = datetime_put_date(out, text, when, e);
	else if (f->type == TYPE_DATETIME)
		rc = datetime_put_instant(out, text, when, e);
	else if (f->type == TYPE_EMAIL)
		rc = email_put(out, text, e);
	buf_putc(out, '"');
	return rc;
}

/* phone, url and a quoted mailbox may hold what JSON escapes. */
static enum rc
put_escaped(const struct entity_field *f, struct span text, struct arena *a,
    struct buf *out, struct err *e)
{
	struct buf b;
	enum rc rc = RC_OK;

	buf_init(&b, text.len + 8, "value");
	b.ptr = arena_alloc(a, text.len + 8);
	b.room = text.len + 8;
	if (f->type == TYPE_PHONE)
		phone_put(&b, text);
	else if (f->type == TYPE_URL)
		rc = url_put(&b, text, e);
	else
		rc = email_put(&b, text, e);
	if (!rc)
		json_put_string(out, buf_view(&b));
	return rc;
}

static enum rc
put_text(const struct entity_field *f, const struct map_step *s,
    struct span text, struct arena *a, struct buf *out, struct err *e)
{
	enum rc rc;

	switch (f->type) {
	case TYPE_NUMBER:
	case TYPE_INTEGER:
		return put_number(f, s, text, out, e);
	case TYPE_BOOLEAN:
		return put_boolean(text, out, e);
	case TYPE_PHONE:
	case TYPE_URL:
		return put_escaped(f, text, a, out, e);
	case TYPE_ENUM:
		rc = allowed(f, &text, e);
		return rc ? rc : put_quoted(out, text);
	case TYPE_EMAIL:
		if (memchr(text.ptr, '"', text.len))
			return put_escaped(f, text, a, out, e);
		return put_formed(f, s, text, out, e);
	case TYPE_DATE:
	case TYPE_DATETIME:
		return put_formed(f, s, text, out, e);
	default:
		return put_quoted(out, text);
	}
}

enum rc
type_put(const struct entity_field *f, const struct map_step *s,
    const struct map_value *v, struct arena *a, struct buf *out,
    struct err *e)
{
	size_t start = out->len;
	enum rc rc;

	if (v->kind == JSON_NULL || (v->kind == JSON_STRING &&
	    f->type != TYPE_TEXT && f->type != TYPE_JSON &&
	    !charcase_trim(v->text).len)) {
		BUF_LIT(out, "null");
		return RC_OK;
	}
	if (f->type == TYPE_SET)
		rc = put_set(f, s, v, a, out, e);
	else if (f->type == TYPE_REF)
		rc = put_ref(f, s, v, a, out, e);
	else if (f->type == TYPE_JSON)
		rc = put_json(v, a, out);
	else if (v->kind == JSON_ARRAY || v->kind == JSON_OBJECT)
		rc = err_set(e, RC_RECORD, "is a%s, where %s is meant",
		    v->kind == JSON_ARRAY ? " list" : "n object",
		    mapping_types[f->type]);
	else if ((f->type == TYPE_NUMBER || f->type == TYPE_INTEGER) &&
	    (v->kind == JSON_TRUE || v->kind == JSON_FALSE))
		rc = err_set(e, RC_RECORD, "is no number");
	else
		rc = put_text(f, s, v->text, a, out, e);
	if (rc)
		out->len = start;
	return rc;
}
