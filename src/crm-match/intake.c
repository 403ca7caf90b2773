/* SPDX-License-Identifier: MIT */
/* intake: whole sections of records; of part of one nothing is concluded. */
#include "match.h"

#include "../lib/xalloc.h"

static struct where
where(const struct match *m)
{
	const struct section *s = &m->in.section;

	return (struct where){ .line = m->line.number, .system = s->system,
		.object = s->object, .id = m->line.id };
}

/* What the command line says stands before what the file says. */
static enum rc
set_thresholds(struct match *m, struct err *e)
{
	struct likeness *l = m->entity->similar;

	if (m->same != NOT_SAID)
		l->same = (int)m->same * 100;
	if (m->review != NOT_SAID)
		l->review = (int)m->review * 100;
	else if (l->review > l->same)
		l->review = l->same;
	if (l->review > l->same)
		return err_set(e, RC_CONFIG, "--review is above the score "
		    "that makes a pair the same");
	return RC_OK;
}

static enum rc
begin_entity(struct match *m, struct span name, struct err *e)
{
	enum rc rc;

	if (!name.len)
		return err_set(e, RC_CONFIG, "the section has no entity: "
		    "crm-map with its mapping comes before crm-match");
	if (m->entity)
		return span_eq(m->entity->name, name) ? RC_OK : err_set(e,
		    RC_CONFIG, "%.*s after %.*s: one entity at a time",
		    SPAN_ARG(name), SPAN_ARG(m->entity->name));
	rc = entity_load(&m->entity, name, e);
	if (rc)
		return rc;
	if (!m->entity->similar)
		return err_set(e, RC_CONFIG, "%.*s.jq says nothing under "
		    "similar", SPAN_ARG(name));
	m->pairing = pairing_new(m->entity->similar, kept_directory());
	m->values = xcalloc(m->entity->field_count, sizeof *m->values);
	return set_thresholds(m, e);
}

static unsigned
system_bit(struct match *m, struct span system)
{
	for (size_t i = 0; i < m->origins; i++)
		if (span_eq(m->origin[i].system, system))
			return m->origin[i].bit;
	return m->systems++;
}

static enum rc
begin_section(struct match *m, struct err *e)
{
	const struct section *s = &m->in.section;
	struct origin *o = &m->origin[m->origins];
	enum rc rc = begin_entity(m, s->entity, e);

	if (rc)
		return rc;
	if (m->origins == LIMIT_SECTIONS)
		return err_set(e, RC_CONFIG, "over %d sections",
		    LIMIT_SECTIONS);
	o->bit = system_bit(m, s->system);
	if (o->bit == LIMIT_SYSTEMS)
		return err_set(e, RC_CONFIG, "over %d systems",
		    LIMIT_SYSTEMS);
	o->system = arena_dup(&m->names, s->system);
	o->object = arena_dup(&m->names, s->object);
	m->origin_now = m->origins++;
	return RC_OK;
}

static enum rc
end_section(struct match *m, struct err *e)
{
	if (m->subset || stream_verify(&m->in, &m->line) == STREAM_WHOLE)
		return RC_OK;
	return err_set(e, RC_SYSTEM, "the section has %llu records, not "
	    "those its end speaks of: a stage before lost some "
	    "(--subset if that was meant)",
	    (unsigned long long)m->in.section.count);
}

static enum rc
take_record(struct match *m, struct err *e)
{
	const struct json *j = &m->line.json;
	uint32_t fields = json_get(j, 0, SPAN("fields")), at = 0;
	struct kept_record r = { .origin = m->origin_now, .id = m->line.id };
	enum rc rc;

	if (!m->in.section.open)
		return err_set(e, RC_RECORD, "a record outside of a section");
	if (!fields || json_kind(j, fields) != JSON_OBJECT)
		return err_set(e, RC_RECORD, "the record has no fields: "
		    "crm-map comes before crm-match");
	for (size_t i = 0; i < m->entity->field_count; i++) {
		uint32_t v = json_get_next(j, fields,
		    m->entity->fields[i].name, &at);

		m->values[i] = v ? json_text(j, v) : span_of(NULL, 0);
	}
	r.modified = json_get_string(j, 0, SPAN("modified"), &m->in.arena);
	if (m->preview)
		r.fields = json_text(j, fields);
	rc = kept_add(&m->kept, &r, e);
	return rc ? rc : pairing_add(m->pairing, m->values, (uint64_t)1 <<
	    m->origin[m->origin_now].bit, true, SPAN(""), e);
}

static enum rc
take_line(struct match *m, struct err *e)
{
	enum rc rc = stream_parse(&m->in, &m->line, e);

	if (rc)
		return rc;
	switch (m->line.type) {
	case LINE_BEGIN:
		return begin_section(m, e);
	case LINE_END:
		return end_section(m, e);
	case LINE_RECORD:
		return take_record(m, e);
	default:
		return RC_OK;
	}
}

enum rc
intake(struct match *m, struct err *e)
{
	enum rc rc;

	do {
		m->line.id = SPAN("");
		rc = stream_read(&m->in, &m->line, e);
		if (rc == RC_OK)
			rc = take_line(m, e);
		if (rc == RC_RECORD) {
			struct where w = where(m);

			rc = run_reject(&m->run, &w, e, m->line.text);
		}
		if ((m->in.lines & 255) == 0)
			run_progress(&m->run, m->in.lines, 0, "lines");
	} while (rc == RC_OK);
	if (rc == RC_END && m->in.section.open)
		return err_set(e, RC_SYSTEM, "the input ended inside a "
		    "section: nothing is concluded from it");
	return rc == RC_END ? kept_flush(&m->kept, e) : rc;
}
