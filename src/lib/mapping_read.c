/* SPDX-License-Identifier: MIT */
/*
 * mapping_read: source -> canonical.  Plain fields (one name, no steps) go
 * from the line's bytes straight to the answer; nothing is allocated per
 * record but what the scratch arena keeps.
 */
#include "mapping_private.h"

#include "charcase.h"
#include "limits.h"
#include "source_id.h"
#include "type.h"
#include "utf8.h"

/* One record being read. */
struct reader {
	struct mapping *m;
	const struct json *j;
	uint32_t data;
	struct buf *fields, *notes;
	bool timed;       /* its fields may have times of their own, */
	bool listed;      /* which the line lists */
	struct err *e;
};

/* The field as the source had it, for what the canonical form lost. */
static void
note(struct reader *r, const struct map_field *f, const char *what)
{
	struct buf *original = &r->m->original;
	uint32_t node = mapping_source_value(r->m, r->j,
	    f->steps->sources[0]);

	if (r->notes->len)
		buf_putc(r->notes, ',');
	buf_span(r->notes, f->steps->key);
	buf_printf(r->notes, "\"%s\"", what);
	if (!node)
		return;
	if (original->len)
		buf_putc(original, ',');
	buf_span(original, f->steps->key);
	json_put_value(original, r->j, node, &r->m->private->scratch);
}

/* A plain text value cut to the entity's limit, where the mapping says so. */
static enum rc
fit_length(struct reader *r, const struct map_field *f,
    const struct entity_field *field, struct map_value *v)
{
	if (!field->max_length || v->kind != JSON_STRING || v->text.len <=
	    field->max_length || utf8_length(v->text) <= field->max_length)
		return RC_OK;
	if (f->steps->on_misfit != MISFIT_TRUNCATE)
		return err_set(r->e, RC_RECORD, "is longer than %zu"
		    " characters", field->max_length);
	v->text = mapping_step_first(v->text, field->max_length);
	note(r, f, "truncated");
	return RC_OK;
}

/* One of our own words, in whatever case. */
static bool
is_ours(const struct entity_field *field, const struct map_step *s,
    struct span text)
{
	size_t i;

	for (i = 0; i < s->table_count; i++)
		if (charcase_eq(s->table[i].ours, text))
			return true;
	for (i = 0; i < field->value_count; i++)
		if (charcase_eq(field->values[i], text))
			return true;
	return false;
}

/* A value outside an enum table, where the mapping has an `else`. */
static bool
use_otherwise(struct reader *r, const struct map_field *f,
    const struct map_value *v)
{
	struct span text = v->text;

	if (v->kind == JSON_NULL)
		return false;
	if (v->kind == JSON_STRING)
		text = charcase_trim(text);
	if (!text.len || is_ours(&r->m->entity->fields[f->field], f->steps,
	    text))
		return false;
	buf_span(r->fields, f->steps->otherwise);
	note(r, f, "else");
	return true;
}

static enum rc
put_value(struct reader *r, const struct map_field *f,
    struct map_value *v)
{
	const struct entity_field *field = &r->m->entity->fields[f->field];
	struct map_private *p = r->m->private;
	size_t start = r->fields->len;
	bool empty;
	enum rc rc;

	if (f->steps->otherwise.ptr && use_otherwise(r, f, v))
		return RC_OK;
	rc = fit_length(r, f, field, v);
	if (!rc)
		rc = type_put(field, f->steps, v, &p->scratch, r->fields,
		    r->e);
	if (rc == RC_RECORD && f->steps->on_misfit == MISFIT_NULL) {
		r->fields->len = start;
		BUF_LIT(r->fields, "null");
		note(r, f, "nulled");
		return RC_OK;
	}
	if (rc)
		return rc;
	empty = r->fields->len == start + 4 && !memcmp(r->fields->ptr +
	    start, "null", 4);
	if (empty && f->steps->missing.ptr) {
		r->fields->len = start;
		buf_span(r->fields, f->steps->missing);
	} else if (field->required && (empty || (field->type == TYPE_TEXT &&
	    r->fields->len == start + 2))) {
		return err_set(r->e, RC_RECORD, "is required and empty");
	}
	return RC_OK;
}

/* A text that is canonical as it stands in the line. */
static inline bool
put_as_it_stands(struct reader *r, const struct map_step *s, uint32_t node)
{
	const struct json_node *n = &r->j->nodes[node];

	if (!s->raw || n->kind != JSON_STRING || n->escaped ||
	    n->length - 2 > s->raw_longest || (s->required && n->length == 2))
		return false;
	buf_put(r->fields, r->j->text + n->start, n->length);
	return true;
}

/* Appends `"name":value`, or nothing when the record does not say. */
static enum rc
read_field(struct reader *r, const struct map_field *f)
{
	const struct map_step *s = f->steps;
	struct map_private *p = r->m->private;
	size_t start = r->fields->len;
	struct map_value v = { (enum json_kind)0, { NULL, 0 }, r->j, 0 };
	enum rc rc = RC_OK;

	if (s->plain) {
		v.node = p->found[s->sources[0]];
		if (!v.node)
			v.node = mapping_source_value(r->m, r->j,
			    s->sources[0]);
		if (!v.node)
			return RC_OK;
		v.kind = json_kind(r->j, v.node);
	}
	if (r->fields->ptr[start - 1] != '{')
		buf_putc(r->fields, ',');
	buf_span(r->fields, s->key);
	if (s->plain && put_as_it_stands(r, s, v.node))
		return RC_OK;
	if (s->plain)
		v.text = v.kind == JSON_STRING ? json_string(r->j, v.node,
		    &p->scratch) : json_text(r->j, v.node);
	else
		rc = mapping_step_read(r->m, f, r->j, r->data, &v, r->e);
	if (!rc && !v.kind)
		r->fields->len = start;
	else if (!rc)
		rc = put_value(r, f, &v);
	if (rc)
		return err_prefix(r->e, rc, "field %.*s",
		    SPAN_ARG(r->m->entity->fields[f->field].name));
	return RC_OK;
}

/* When it got its value; a time that is none is a value that does not fit. */
static enum rc
read_time(struct reader *r, const struct map_field *f, size_t notes)
{
	enum rc rc = mapping_times_put(r->m, f, r->j, r->listed, r->e);

	if (rc != RC_RECORD || f->steps->on_misfit != MISFIT_NULL)
		return rc ? err_prefix(r->e, rc, "field %.*s",
		    SPAN_ARG(r->m->entity->fields[f->field].name)) : RC_OK;
	if (r->notes->len == notes) {
		if (notes)
			buf_putc(r->notes, ',');
		buf_span(r->notes, f->steps->key);
		BUF_LIT(r->notes, "\"untimed\"");
	}
	return RC_OK;
}

/* All fields of a scanned record; `times` of the line, or 0. */
static enum rc
read_fields(struct mapping *m, const struct json *j, uint32_t data,
    uint32_t times, struct buf *fields, struct buf *notes, struct err *e)
{
	struct reader r = { m, j, data, fields, notes, times ||
	    m->private->has_time, times, e };
	size_t i;
	enum rc rc;

	buf_reset(&m->original);
	buf_reset(&m->times);
	buf_putc(fields, '{');
	for (i = 0; i < m->field_count; i++) {
		size_t start = fields->len, noted = notes->len;

		if (!m->fields[i].steps->readable)
			continue;
		if (fields->over)
			break;
		rc = read_field(&r, &m->fields[i]);
		if (!rc && r.timed && fields->len > start)
			rc = read_time(&r, &m->fields[i], noted);
		if (rc)
			return rc;
	}
	buf_putc(fields, '}');
	return buf_check(fields, e);
}

struct span
mapping_read_plain(const struct mapping *m, const struct json *j,
    uint32_t source, struct arena *a)
{
	uint32_t node;
	struct span text;

	if (source == NO_SOURCE)
		return span_of(NULL, 0);
	node = mapping_source_value(m, j, source);
	if (!node || json_kind(j, node) == JSON_NULL)
		return span_of(NULL, 0);
	text = json_kind(j, node) == JSON_STRING ? json_string(j, node, a) :
	    json_text(j, node);
	text = charcase_trim(text);
	return text.len ? text : span_of(NULL, 0);
}

struct span
mapping_read_id(const struct mapping *m, const struct json *j,
    uint32_t source, struct arena *a)
{
	struct span plain = mapping_read_plain(m, j, source, a), id;
	char room[SOURCE_ID_ROOM];

	if (!plain.ptr)
		return plain;
	id = source_id(m->kind, plain, room);
	return id.ptr == room ? arena_dup(a, id) : plain;
}

static enum rc
read_modified(struct mapping *m, const struct json *j,
    struct map_identity *out, struct arena *a, struct err *e)
{
	struct map_private *p = m->private;
	struct span text = mapping_read_plain(m, j, p->modified, a);
	enum rc rc;

	out->modified = span_of(NULL, 0);
	if (!text.ptr)
		return RC_OK;
	buf_reset(&p->text);
	rc = datetime_put_instant(&p->text, text, &p->when, e);
	if (rc)
		return err_prefix(e, rc, "%.*s", SPAN_ARG(m->modified));
	out->modified = arena_dup(a, buf_view(&p->text));
	return RC_OK;
}

static enum rc
read_identity(struct mapping *m, const struct json *j,
    struct map_identity *out, struct arena *a, struct err *e)
{
	struct map_private *p = m->private;
	struct span flag;

	out->id = mapping_read_id(m, j, p->id, a);
	out->uid = mapping_read_plain(m, j, p->uid, a);
	out->merged_into = mapping_read_id(m, j, p->merged_into, a);
	flag = mapping_read_plain(m, j, p->deleted, a);
	out->deleted = flag.ptr && charcase_eq(flag, m->deleted_value);
	out->converted_into = mapping_conversion_read(m, j, a);
	return read_modified(m, j, out, a, e);
}

enum rc
mapping_identity(struct mapping *m, const struct json *j, uint32_t data,
    struct map_identity *out, struct arena *a, struct err *e)
{
	enum rc rc;

	arena_reset(&m->private->scratch);
	rc = mapping_source_scan(m, j, data, e);
	if (!rc)
		rc = read_identity(m, j, out, a, e);
	if (!rc && !out->id.ptr)
		rc = err_set(e, RC_RECORD, "has no id in \"%.*s\"",
		    SPAN_ARG(m->id));
	return rc;
}

enum rc
mapping_read_all(struct mapping *m, const struct json *j, uint32_t data,
    uint32_t times, struct map_identity *identity, struct arena *a,
    struct buf *fields, struct buf *notes, struct err *e)
{
	enum rc rc;

	memset(identity, 0, sizeof(*identity));
	arena_reset(&m->private->scratch);
	rc = mapping_source_scan(m, j, data, e);
	if (!rc)
		rc = read_identity(m, j, identity, a, e);
	if (!rc && times)
		rc = mapping_times_scan(m, j, times, e);
	if (!rc)
		rc = read_fields(m, j, data, times, fields, notes, e);
	return rc;
}

enum rc
mapping_read(struct mapping *m, const struct json *j, uint32_t data,
    struct buf *fields, struct buf *notes, struct err *e)
{
	enum rc rc;

	arena_reset(&m->private->scratch);
	rc = mapping_source_scan(m, j, data, e);
	if (!rc)
		rc = read_fields(m, j, data, 0, fields, notes, e);
	return rc;
}

void
mapping_read_known(struct mapping *m, const struct json *j, uint32_t data,
    struct map_identity *identity, struct arena *a, struct buf *fields)
{
	struct err why;
	struct buf notes;
	struct reader r = { m, j, data, fields, &notes, false, false, &why };

	memset(identity, 0, sizeof(*identity));
	arena_reset(&m->private->scratch);
	if (mapping_source_scan(m, j, data, &why))
		return;
	if (read_identity(m, j, identity, a, &why))
		identity->modified = span_of(NULL, 0);
	buf_init(&notes, LIMIT_LINE, "notes");
	buf_putc(fields, '{');
	for (size_t i = 0; i < m->field_count && !fields->over; i++) {
		size_t start = fields->len;

		if (m->fields[i].steps->readable &&
		    read_field(&r, &m->fields[i]))
			fields->len = start;
	}
	buf_putc(fields, '}');
	buf_free(&notes);
}
