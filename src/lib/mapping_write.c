/* SPDX-License-Identifier: MIT */
/* mapping_write: canonical -> a target's own names and values. */
#include "mapping_private.h"

#include "datetime.h"
#include "limits.h"
#include "type.h"
#include "utf8.h"

struct writer {
	struct mapping *m;
	const struct json *j;
	uint32_t fields;
	uint32_t history;    /* 0: not given */
	struct buf *out;
	struct err *e;
};

/* Plain text within the target's limit. */
static enum rc
put_fitting(struct writer *w, const struct map_field *f, struct span text)
{
	const struct map_step *s = f->steps;

	if (s->longest && text.len > s->longest &&
	    utf8_length(text) > s->longest) {
		if (s->on_misfit == MISFIT_NULL) {
			BUF_LIT(w->out, "null");
			return RC_OK;
		}
		if (s->on_misfit == MISFIT_REJECT)
			return err_set(w->e, RC_RECORD, "is longer than the"
			    " %zu characters there is room for", s->longest);
		text = mapping_step_first(text, s->longest);
	}
	json_put_string(w->out, text);
	return RC_OK;
}

/* Our word as theirs. */
static struct span
theirs_of(const struct map_step *s, struct span ours)
{
	struct span theirs = mapping_step_theirs(s, ours);

	return theirs.ptr ? theirs : ours;
}

/* What stands between the items of a text; ptr NULL: it is a list there. */
static struct span
separator_of(const struct writer *w, const struct map_step *s)
{
	if (s->separator.ptr || !span_eq(w->m->kind, SPAN("csv")))
		return s->separator;
	return SPAN(";"); /* a cell is a text; so it is read */
}

/* With a separator behind it the item would end before that one. */
static bool
is_parted(struct span item, struct span separator)
{
	size_t i, n;

	for (i = 0; i < item.len; i++) {
		n = item.len - i < separator.len ? item.len - i :
		    separator.len;
		if (memcmp(item.ptr + i, separator.ptr, n) == 0 &&
		    memcmp(separator.ptr + n, separator.ptr,
		    separator.len - n) == 0)
			return true;
	}
	return false;
}

static enum rc
put_set(struct writer *w, const struct map_field *f, uint32_t node)
{
	struct map_private *p = w->m->private;
	const struct map_step *s = f->steps;
	struct span separator = separator_of(w, s), item_text;
	bool first = true;

	if (json_kind(w->j, node) != JSON_ARRAY)
		return err_set(w->e, RC_RECORD, "is no list");
	buf_reset(&p->text);
	if (!separator.ptr)
		buf_putc(w->out, '[');
	for (JSON_ITEMS(w->j, node, item)) {
		if (json_kind(w->j, item) != JSON_STRING)
			return err_set(w->e, RC_RECORD, "has an item that is"
			    " no text");
		item_text = theirs_of(s, json_string(w->j, item,
		    &p->scratch));
		if (separator.ptr && is_parted(item_text, separator))
			return err_set(w->e, RC_RECORD, "has an item with"
			    " \"%.*s\" in it, which parts the items there",
			    SPAN_ARG(separator));
		if (separator.ptr) {
			if (!first)
				buf_span(&p->text, separator);
			buf_span(&p->text, item_text);
		} else {
			if (!first)
				buf_putc(w->out, ',');
			json_put_string(w->out, item_text);
		}
		first = false;
	}
	if (separator.ptr)
		return put_fitting(w, f, buf_view(&p->text));
	buf_putc(w->out, ']');
	return RC_OK;
}

/* A number with the source's decimal mark is a text there. */
static enum rc
put_number(struct writer *w, const struct map_step *s, struct span text)
{
	size_t i;

	if (s->mark != ',') {
		buf_span(w->out, text);
		return RC_OK;
	}
	buf_putc(w->out, '"');
	for (i = 0; i < text.len; i++)
		buf_putc(w->out, text.ptr[i] == '.' ? ',' : text.ptr[i]);
	buf_putc(w->out, '"');
	return RC_OK;
}

static enum rc
put_text(struct writer *w, const struct map_field *f, struct span text)
{
	const struct entity_field *field = &w->m->entity->fields[f->field];
	struct map_private *p = w->m->private;

	if (field->type == TYPE_DATE || field->type == TYPE_DATETIME) {
		buf_reset(&p->text);
		datetime_write(&p->text, text, &f->steps->when);
		text = buf_view(&p->text);
	} else if (f->steps->table_count) {
		text = theirs_of(f->steps, text);
	}
	return put_fitting(w, f, text);
}

static enum rc
put_ref(struct writer *w, uint32_t node)
{
	uint32_t id = json_kind(w->j, node) == JSON_OBJECT ?
	    json_get(w->j, node, SPAN("id")) : 0;

	if (!id || json_kind(w->j, id) != JSON_STRING)
		return err_set(w->e, RC_RECORD, "is a reference without an"
		    " id");
	json_put_value(w->out, w->j, id, &w->m->private->scratch);
	return RC_OK;
}

/* A boolean, which a table may call otherwise ("Yes"). */
static enum rc
put_boolean(struct writer *w, const struct map_step *s, struct span text)
{
	struct span theirs = mapping_step_theirs(s, text);

	if (theirs.ptr)
		json_put_string(w->out, theirs);
	else
		buf_span(w->out, text);
	return RC_OK;
}

/* The field's list of {value, time}; 0 when there is none. */
static uint32_t
history_of(const struct writer *w, const struct map_field *f)
{
	return w->history ? json_get(w->j, w->history,
	    w->m->entity->fields[f->field].name) : 0;
}

static enum rc
put_program(struct writer *w, const struct map_field *f, uint32_t node)
{
	const struct map_step *s = f->steps;
	struct map_private *p = w->m->private;
	struct span none = { NULL, 0 };
	uint32_t list = jqprog_wants_history(s->write) ? history_of(w, f) : 0;
	enum rc rc;

	buf_reset(&p->value);
	rc = jqprog_run_history(s->write, json_text(w->j, node),
	    jqprog_wants_record(s->write) ? json_text(w->j, w->fields) : none,
	    list ? json_text(w->j, list) : none, &p->value, w->e);
	if (!rc)
		rc = buf_check(&p->value, w->e);
	if (!rc)
		buf_span(w->out, buf_view(&p->value));
	return rc;
}

static bool
is_number(struct span text)
{
	return text.len && (text.ptr[0] == '-' ||
	    (text.ptr[0] >= '0' && text.ptr[0] <= '9'));
}

/* What is no text. */
static enum rc
put_literal(struct writer *w, const struct map_field *f, enum json_kind kind,
    struct span text)
{
	if (kind == JSON_NUMBER)
		return put_number(w, f->steps, text);
	if (kind == JSON_TRUE || kind == JSON_FALSE)
		return put_boolean(w, f->steps, text);
	return err_set(w->e, RC_RECORD, "is no canonical value");
}

static enum rc
put_value(struct writer *w, const struct map_field *f, uint32_t node)
{
	const struct entity_field *field = &w->m->entity->fields[f->field];
	enum json_kind kind = json_kind(w->j, node);
	struct map_private *p = w->m->private;

	if (kind == JSON_NULL && field->required)
		return err_set(w->e, RC_RECORD, "is required and empty");
	if (f->steps->write)
		return put_program(w, f, node);
	if (kind == JSON_NULL) {
		BUF_LIT(w->out, "null");
		return RC_OK;
	}
	if (field->type == TYPE_SET)
		return put_set(w, f, node);
	if (field->type == TYPE_REF)
		return put_ref(w, node);
	if (field->type == TYPE_JSON) {
		json_put_value(w->out, w->j, node, &p->scratch);
		return RC_OK;
	}
	if (kind == JSON_STRING)
		return put_text(w, f, json_string(w->j, node, &p->scratch));
	return put_literal(w, f, kind, json_text(w->j, node));
}

/* What was just written, under the further name too. */
static void
put_also(struct writer *w, const struct map_field *f, size_t from)
{
	struct map_private *p = w->m->private;

	buf_reset(&p->text);
	buf_put(&p->text, w->out->ptr + from, w->out->len - from);
	json_put_key(w->out, f->also);
	buf_span(w->out, buf_view(&p->text));
}

static enum rc
put_field(struct writer *w, const struct map_field *f)
{
	struct span name = w->m->entity->fields[f->field].name;
	uint32_t node = json_get(w->j, w->fields, name);
	size_t from;
	enum rc rc;

	if (!node)
		return RC_OK;
	json_put_key(w->out, f->from);
	from = w->out->len;
	rc = put_value(w, f, node);
	if (!rc && f->also.len)
		put_also(w, f, from);
	if (!rc && f->uses_history)
		rc = mapping_history_put(w->m, f, w->j, history_of(w, f),
		    w->out, w->e);
	return rc ? err_prefix(w->e, rc, "field %.*s", SPAN_ARG(name)) : RC_OK;
}

enum rc
mapping_write_history(struct mapping *m, const struct json *j,
    uint32_t fields, uint32_t history, struct buf *out, struct err *e)
{
	struct writer w = { m, j, fields, history, out, e };
	enum rc rc = RC_OK;

	if (json_kind(j, fields) != JSON_OBJECT)
		return err_set(e, RC_RECORD, "fields is no object");
	arena_reset(&m->private->scratch);
	buf_putc(out, '{');
	for (size_t i = 0; i < m->field_count && !rc; i++)
		if (m->fields[i].dir & DIR_PUSH)
			rc = put_field(&w, &m->fields[i]);
	buf_putc(out, '}');
	return rc ? rc : buf_check(out, e);
}

enum rc
mapping_write(struct mapping *m, const struct json *j, uint32_t fields,
    struct buf *out, struct err *e)
{
	return mapping_write_history(m, j, fields, 0, out, e);
}

/* ---- values by field ---- */

bool
mapping_writes_values(const struct mapping *m)
{
	for (size_t i = 0; i < m->field_count; i++)
		if (m->fields[i].steps->write)
			return false;
	return !m->uses_history;
}

/* What a scalar's text begins with; 0: it has to be parsed. */
static enum json_kind
scalar_kind(enum field_type type, struct span value)
{
	if (type == TYPE_SET || type == TYPE_REF || type == TYPE_JSON)
		return 0;
	switch (value.len ? value.ptr[0] : 0) {
	case '"':
		return memchr(value.ptr, '\\', value.len) ? 0 : JSON_STRING;
	case 't':
		return JSON_TRUE;
	case 'f':
		return JSON_FALSE;
	default:
		return is_number(value) ? JSON_NUMBER : 0;
	}
}

static enum rc
put_parsed(struct writer *w, const struct map_field *f, struct span value)
{
	struct map_private *p = w->m->private;
	enum rc rc = json_parse(&p->json, value, w->e);

	w->j = &p->json;
	return rc ? rc : put_value(w, f, 0);
}

static enum rc
put_scalar(struct writer *w, const struct map_field *f, struct span value)
{
	enum field_type type = w->m->entity->fields[f->field].type;
	enum json_kind kind = scalar_kind(type, value);

	if (!kind)
		return put_parsed(w, f, value);
	if (kind == JSON_STRING)
		return put_text(w, f, span_of(value.ptr + 1, value.len - 2));
	return put_literal(w, f, kind, value);
}

enum rc
mapping_write_values(struct mapping *m, const struct span *values,
    struct buf *out, struct err *e)
{
	struct writer w = { .m = m, .out = out, .e = e };

	arena_reset(&m->private->scratch);
	buf_putc(out, '{');
	for (size_t i = 0; i < m->field_count; i++) {
		const struct map_field *f = &m->fields[i];
		size_t from;
		enum rc rc;

		if (!(f->dir & DIR_PUSH) || !values[f->field].ptr)
			continue;
		json_put_key(out, f->from);
		from = out->len;
		rc = put_scalar(&w, f, values[f->field]);
		if (rc)
			return err_prefix(e, rc, "field %.*s", SPAN_ARG(
			    m->entity->fields[f->field].name));
		if (f->also.len)
			put_also(&w, f, from);
	}
	buf_putc(out, '}');
	return buf_check(out, e);
}

/* ---- what is held there ---- */

bool
mapping_equivalent(const struct mapping *m, size_t map_field,
    struct span sent, struct span held)
{
	const struct map_field *f = &m->fields[map_field];

	return type_equivalent(&m->entity->fields[f->field],
	    f->steps->longest, sent, held);
}

bool
mapping_loses(const struct mapping *m, size_t map_field, struct span sent,
    struct span held)
{
	const struct map_field *f = &m->fields[map_field];

	return !type_equivalent(&m->entity->fields[f->field], 0, sent,
	    held) && (held.ptr[0] != '"' ||
	    utf8_length(held) < utf8_length(sent));
}
