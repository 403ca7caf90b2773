/* SPDX-License-Identifier: MIT */
/*
 * mapping_times: when a field got its value, where a source says so: in a
 * member of its own, or in the line's list of times.
 */
#include "mapping_private.h"

#include "charcase.h"
#include "literal.h"
#include "mapping_file.h"
#include "xalloc.h"

static const char *const keys[] = { "from", "labels", "date", "zone", NULL };

static enum rc
load_object(struct map_loader *l, uint32_t node, struct span *name,
    struct span **labels, size_t *count)
{
	enum rc rc = literal_keys(l->j, node, keys, l->e);

	if (!rc)
		rc = mapping_file_string(l->j, node, "from", &l->m->arena,
		    name, l->e);
	if (!rc)
		rc = mapping_file_strings(l->j, node, "labels", &l->m->arena,
		    labels, count, l->e);
	return rc ? rc : mapping_field_when(l->m, l->j, node, &l->s->timed,
	    l->e);
}

enum rc
mapping_times_load(struct map_loader *l)
{
	uint32_t node = json_get(l->j, l->node, SPAN("time"));
	struct span name = { NULL, 0 }, *labels = NULL;
	size_t count = 0;
	enum rc rc = RC_OK;

	l->s->time = NO_SOURCE;
	l->s->timed = l->m->private->when;
	if (!node)
		return RC_OK;
	if (json_kind(l->j, node) == JSON_STRING)
		name = literal_string(l->j, node, &l->m->arena);
	else if (json_kind(l->j, node) == JSON_OBJECT)
		rc = load_object(l, node, &name, &labels, &count);
	if (!rc && !name.len)
		rc = err_set(l->e, RC_CONFIG, "must be a name, or {from: name,"
		    " labels: [...]}");
	if (!rc && !(l->f->dir & DIR_PULL))
		rc = err_set(l->e, RC_CONFIG, "is of a field that is read:"
		    " not of dir \"push\"");
	if (rc)
		return err_prefix(l->e, rc, "time");
	l->s->time = mapping_source_add(l->m, name);
	mapping_source_label(l->m, l->s->time, labels, count);
	l->m->private->has_time = true;
	return RC_OK;
}

enum rc
mapping_times_scan(struct mapping *m, const struct json *j, uint32_t times,
    struct err *e)
{
	struct map_private *p = m->private;

	if (json_kind(j, times) != JSON_OBJECT)
		return err_set(e, RC_RECORD, "\"times\" is no object");
	if (!p->times)
		p->times = xcalloc(p->source_count + 1u, sizeof *p->times);
	memset(p->times, 0, p->source_count * sizeof *p->times);
	for (JSON_EACH(j, times, key, value)) {
		bool exact;
		uint32_t source = mapping_source_find(m, json_string(j, key,
		    &p->scratch), &exact);

		if (source != NO_SOURCE && (exact || !p->times[source]))
			p->times[source] = value;
	}
	return RC_OK;
}

/* Appends the instant; nothing where there is none. */
static enum rc
put_instant(struct mapping *m, const struct json *j, uint32_t node,
    const struct datetime_spec *when, struct buf *out, struct err *e)
{
	struct span text;

	if (!node || json_kind(j, node) == JSON_NULL)
		return RC_OK;
	text = json_kind(j, node) == JSON_STRING ? json_string(j, node,
	    &m->private->scratch) : json_text(j, node);
	text = charcase_trim(text);
	return text.len ? datetime_put_instant(out, text, when, e) : RC_OK;
}

/*
 * A value made of several members is as old as the latest of them; one whose
 * time is not told may be the latest.
 */
static enum rc
put_latest(struct mapping *m, const struct map_step *s, const struct json *j,
    struct buf *out, struct err *e)
{
	struct map_private *p = m->private;
	enum rc rc = RC_OK;

	for (size_t i = 0; i < s->source_count && !rc; i++) {
		size_t start = out->len;
		struct span one;

		if (!mapping_source_value(m, j, s->sources[i]))
			continue;
		rc = put_instant(m, j, p->times[s->sources[i]], &p->when, out,
		    e);
		one = span_of(out->ptr + start, out->len - start);
		if (!one.len) {
			buf_reset(out);
			break;
		}
		if (start && span_cmp(one, span_of(out->ptr, start)) > 0)
			memmove(out->ptr, one.ptr, one.len);
		if (start)
			out->len = start;
	}
	return rc;
}

enum rc
mapping_times_put(struct mapping *m, const struct map_field *f,
    const struct json *j, bool listed, struct err *e)
{
	const struct map_step *s = f->steps;
	struct map_private *p = m->private;
	enum rc rc = RC_OK;

	buf_reset(&p->text);
	if (s->time != NO_SOURCE)
		rc = put_instant(m, j, mapping_source_value(m, j, s->time),
		    &s->timed, &p->text, e);
	if (!rc && !p->text.len && listed)
		rc = put_latest(m, s, j, &p->text, e);
	if (rc)
		return err_prefix(e, rc, "its time");
	if (!p->text.len)
		return RC_OK;
	if (m->times.len)
		buf_putc(&m->times, ',');
	buf_span(&m->times, s->key);
	buf_putc(&m->times, '"');
	buf_span(&m->times, buf_view(&p->text));
	buf_putc(&m->times, '"');
	return RC_OK;
}
