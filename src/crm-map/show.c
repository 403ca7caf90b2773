/* SPDX-License-Identifier: MIT */
/*
 * show: operations and canonical records in a target's own names, for looking
 * at and for exporting.  What is sent is never taken from here: crm-load maps
 * by itself.
 */
#include "stage.h"

static enum rc
put_data(struct stage *s, struct stage_mapping *sm, const struct json *j,
    struct err *e)
{
	uint32_t fields = json_get(j, 0, SPAN("fields"));

	buf_reset(&s->fields);
	if (!fields) {
		BUF_LIT(&s->fields, "{}");
		return RC_OK;
	}
	return mapping_write_history(sm->mapping, j, fields, json_get(j, 0,
	    SPAN("history")), &s->fields, e);
}

/* The line again, with `data` where `fields` stood. */
static enum rc
put_line(struct filter *f, struct stage_mapping *sm, struct err *e)
{
	struct stage *s = f->stage;
	const struct json *j = &f->line.json;
	struct buf *b = &f->out.buf;
	const char *mark = "{";
	struct span name;
	enum rc rc;

	rc = put_data(s, sm, j, e);
	if (rc)
		return rc;
	for (JSON_EACH(j, 0, key, value)) {
		name = json_inner(j, key);
		if (span_eq(name, SPAN("data")) ||
		    span_eq(name, SPAN("times")))
			continue; /* times are the source's */
		buf_putc(b, *mark);
		mark = ",";
		if (span_eq(name, SPAN("fields"))) {
			BUF_LIT(b, "\"data\":");
			buf_span(b, buf_view(&s->fields));
			continue;
		}
		buf_span(b, json_text(j, key));
		buf_putc(b, ':');
		buf_span(b, json_text(j, value));
	}
	buf_putc(b, '}');
	return RC_OK;
}

/* A mapping of the entity may serve records of any system: by --to. */
static struct stage_mapping *
target_of(struct filter *f)
{
	struct stage *s = f->stage;
	const struct line *l = &f->line;
	struct stage_mapping *sm = stage_find(s, l->system, l->object);
	size_t i;

	if (sm || l->type == LINE_OPERATION)
		return sm;
	for (i = 0; i < s->count; i++)
		if (span_eq(s->items[i].mapping->entity->name, l->entity))
			return &s->items[i];
	return NULL;
}

static enum rc
on_record(struct filter *f, struct err *e)
{
	struct stage_mapping *sm = target_of(f);
	enum rc rc;

	if (!sm || !json_get(&f->line.json, 0, SPAN("fields")))
		return RC_END;
	rc = put_line(f, sm, e);
	if (!rc)
		stream_out_account(&f->out, f->line.id);
	return rc;
}

static enum rc
on_operation(struct filter *f, struct err *e)
{
	struct stage_mapping *sm = target_of(f);

	if (!sm || !json_get(&f->line.json, 0, SPAN("fields")))
		return RC_END;
	return put_line(f, sm, e);
}

void
show_run(struct filter *f)
{
	f->record = on_record;
	f->operation = on_operation;
	filter_run(f);
}
