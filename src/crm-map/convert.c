/* SPDX-License-Identifier: MIT */
/* convert: a source's record line -> the canonical record line. */
#include "stage.h"

/* Members of a record line that the answer writes itself. */
static bool
is_ours(struct span name)
{
	switch (name.len) {
	case 2:
		return span_eq(name, SPAN("id"));
	case 4:
		return span_eq(name, SPAN("type")) ||
		    span_eq(name, SPAN("data"));
	case 5:
		return span_eq(name, SPAN("notes")) ||
		    span_eq(name, SPAN("times"));
	case 6:
		return span_eq(name, SPAN("system")) ||
		    span_eq(name, SPAN("object")) ||
		    span_eq(name, SPAN("entity")) ||
		    span_eq(name, SPAN("fields"));
	case 8:
		return span_eq(name, SPAN("original"));
	default:
		return false;
	}
}

/* Which members a line brought; what it did not, the data may say. */
struct brought {
	bool modified, uid, deleted, merged_into, converted_into;
};

/* Everything else the line says goes on as it is. */
static struct brought
put_passed(struct buf *b, const struct json *j)
{
	struct brought seen = { false, false, false, false, false };
	struct span name;

	for (JSON_EACH(j, 0, key, value)) {
		name = json_inner(j, key);
		if (is_ours(name))
			continue;
		seen.modified |= span_eq(name, SPAN("modified"));
		seen.uid |= span_eq(name, SPAN("uid"));
		seen.deleted |= span_eq(name, SPAN("deleted"));
		seen.merged_into |= span_eq(name, SPAN("merged_into"));
		seen.converted_into |= span_eq(name, SPAN("converted_into"));
		buf_putc(b, ',');
		buf_span(b, json_text(j, key));
		buf_putc(b, ':');
		buf_span(b, json_text(j, value));
	}
	return seen;
}

static void
put_said(struct buf *b, const char *name, struct span text)
{
	if (!text.ptr)
		return;
	buf_printf(b, ",\"%s\":", name);
	json_put_string(b, text);
}

static void
put_identity(struct buf *b, const struct brought *seen,
    const struct map_identity *id)
{
	if (!seen->modified)
		put_said(b, "modified", id->modified);
	if (!seen->uid)
		put_said(b, "uid", id->uid);
	if (!seen->deleted && id->deleted)
		BUF_LIT(b, ",\"deleted\":true");
	if (!seen->merged_into)
		put_said(b, "merged_into", id->merged_into);
	if (!seen->converted_into && id->converted_into.ptr) {
		BUF_LIT(b, ",\"converted_into\":");
		buf_span(b, id->converted_into);
	}
}

static void
put_notes(struct buf *b, const struct stage *s, const struct mapping *m)
{
	if (!s->notes.len)
		return;
	BUF_LIT(b, ",\"notes\":{");
	buf_span(b, buf_view(&s->notes));
	buf_putc(b, '}');
	if (!m->original.len)
		return;
	BUF_LIT(b, ",\"original\":{");
	buf_span(b, buf_view(&m->original));
	buf_putc(b, '}');
}

/* When fields got their values, where that is known of one. */
static void
put_times(struct buf *b, const struct mapping *m)
{
	if (!m->times.len)
		return;
	BUF_LIT(b, ",\"times\":{");
	buf_span(b, buf_view(&m->times));
	buf_putc(b, '}');
}

/* It is there no more, for itself or as part of another: the line says so. */
static bool
is_gone(const struct json *j, const struct map_identity *id)
{
	struct span into = span_of(NULL, 0);
	uint32_t node = json_get(j, 0, SPAN("merged_into"));

	if (node && json_kind(j, node) == JSON_STRING)
		into = json_inner(j, node);
	return json_get_true(j, 0, SPAN("deleted")) || id->deleted ||
	    into.len || (!node && id->merged_into.ptr);
}

/*
 * What a record that is gone says besides does not matter: a value that does
 * not fit must not keep anybody from seeing that it was deleted, or merged.
 */
static enum rc
read_data(struct stage *s, const struct line *l, uint32_t data,
    uint32_t times, struct map_identity *id, struct arena *a, struct err *e)
{
	enum rc rc;

	buf_reset(&s->fields);
	buf_reset(&s->notes);
	memset(id, 0, sizeof(*id));
	if (data)
		rc = mapping_read_all(s->now->mapping, &l->json, data,
		    times, id, a, &s->fields, &s->notes, e);
	else
		rc = err_set(e, RC_RECORD, "has no data");
	if (rc != RC_RECORD || !is_gone(&l->json, id))
		return rc;
	buf_reset(&s->fields);
	buf_reset(&s->notes);
	buf_reset(&s->now->mapping->times);
	BUF_LIT(&s->fields, "{}");
	return RC_OK;
}

static enum rc
on_record(struct filter *f, struct err *e)
{
	struct stage *s = f->stage;
	const struct json *j = &f->line.json;
	struct buf *b = &f->out.buf;
	struct map_identity id;
	struct brought seen;
	uint32_t data = json_get(j, 0, SPAN("data"));
	uint32_t id_node = json_get(j, 0, SPAN("id"));
	enum rc rc;

	if (!s->now || (!data && json_get(j, 0, SPAN("fields"))))
		return RC_END;
	rc = read_data(s, &f->line, data, json_get(j, 0, SPAN("times")),
	    &id, &f->in.arena, e);
	if (rc)
		return rc;
	buf_span(b, buf_view(&s->now->head));
	buf_span(b, json_text(j, id_node));
	seen = put_passed(b, j);
	put_identity(b, &seen, &id);
	BUF_LIT(b, ",\"fields\":");
	buf_span(b, buf_view(&s->fields));
	put_times(b, s->now->mapping);
	put_notes(b, s, s->now->mapping);
	buf_putc(b, '}');
	if (!b->over)
		stream_out_account(&f->out, f->line.id);
	return RC_OK;
}

/* It does not fit; but others may be it, or carry its uid. */
static void
put_known(struct filter *f, struct buf *b)
{
	struct stage *s = f->stage;
	const struct json *j = &f->line.json;
	uint32_t data = json_get(j, 0, SPAN("data"));
	struct map_identity id;

	buf_reset(&s->fields);
	if (!s->now || !data)
		return;
	mapping_read_known(s->now->mapping, j, data, &id, &f->in.arena,
	    &s->fields);
	put_said(b, "stamp", f->line.uid.len ? f->line.uid : id.uid);
	if (!s->fields.len || s->fields.over)
		return;
	BUF_LIT(b, ",\"fields\":");
	buf_span(b, buf_view(&s->fields));
}

static enum rc
on_begin(struct filter *f, struct buf *extra, struct err *e)
{
	struct stage *s = f->stage;
	const struct mapping *m;

	s->now = stage_find(s, f->line.system, f->line.object);
	if (!s->now || !extra)
		return RC_OK;
	m = s->now->mapping;
	if (json_get(&f->line.json, 0, SPAN("mapping")))
		return err_set(e, RC_CONFIG, "%.*s's %.*s has been mapped"
		    " already", SPAN_ARG(m->system), SPAN_ARG(m->object));
	if (!f->line.entity.ptr) {
		BUF_LIT(extra, ",\"entity\":");
		json_put_string(extra, m->entity->name);
	}
	buf_printf(extra, ",\"mapping\":\"%s\"", m->hash);
	return RC_OK;
}

void
convert_run(struct filter *f)
{
	f->begin = on_begin;
	f->record = on_record;
	f->known = put_known;
	filter_run(f);
}
