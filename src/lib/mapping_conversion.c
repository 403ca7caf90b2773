/* SPDX-License-Identifier: MIT */
/* mapping_conversion: records that became others, of other entities. */
#include "mapping_private.h"

#include "charcase.h"
#include "home.h"
#include "literal.h"
#include "mapping_file.h"

static const char *const keys[] = { "from", "labels", "value", "into", NULL };

static enum rc
load_flag(struct mapping *m, const struct json *j, uint32_t node,
    struct err *e)
{
	struct map_conversion *c = &m->converted;
	struct span *labels = NULL;
	size_t count = 0;
	enum rc rc = mapping_file_string(j, node, "from", &m->arena, &c->from,
	    e);

	c->value = SPAN("true");
	if (!rc && !c->from.len)
		rc = err_set(e, RC_CONFIG, "from is missing: the source's name"
		    " of the flag");
	if (!rc)
		rc = mapping_file_string(j, node, "value", &m->arena,
		    &c->value, e);
	if (!rc)
		rc = mapping_file_strings(j, node, "labels", &m->arena,
		    &labels, &count, e);
	if (rc)
		return rc;
	m->private->converted = mapping_source_add(m, c->from);
	mapping_source_label(m, m->private->converted, labels, count);
	c->from = m->private->sources[m->private->converted].name;
	return RC_OK;
}

static enum rc
load_target(struct mapping *m, const struct json *j, uint32_t key,
    uint32_t value, struct err *e)
{
	struct map_becomes *b = &m->converted.into[m->converted.count];

	b->entity = literal_string(j, key, &m->arena);
	if (!home_is_name(b->entity) || span_eq(b->entity, m->entity->name))
		return err_set(e, RC_CONFIG, "\"%.*s\" is no other entity",
		    SPAN_ARG(b->entity));
	if (json_kind(j, value) == JSON_STRING)
		b->name = literal_string(j, value, &m->arena);
	if (!b->name.len)
		return err_set(e, RC_CONFIG, "%.*s: must be the source's name"
		    " of its id", SPAN_ARG(b->entity));
	b->source = mapping_source_add(m, b->name);
	b->name = m->private->sources[b->source].name;
	m->converted.count++;
	return RC_OK;
}

static enum rc
load_targets(struct mapping *m, const struct json *j, uint32_t into,
    struct err *e)
{
	size_t most;

	if (!into || json_kind(j, into) != JSON_OBJECT)
		return err_set(e, RC_CONFIG, "into must be an object of the"
		    " ids' names by entity");
	most = (size_t)(j->nodes[into].next - into);
	m->converted.into = arena_zero(&m->arena, most *
	    sizeof(*m->converted.into));
	for (JSON_EACH(j, into, key, value)) {
		enum rc rc = load_target(m, j, key, value, e);

		if (rc)
			return err_prefix(e, rc, "into");
	}
	return m->converted.count ? RC_OK : err_set(e, RC_CONFIG, "into names"
	    " no entity");
}

enum rc
mapping_conversion_load(struct mapping *m, const struct json *j,
    struct err *e)
{
	uint32_t node = json_get(j, 0, SPAN("converted"));
	enum rc rc = RC_OK;

	if (!node)
		return RC_OK;
	if (json_kind(j, node) != JSON_OBJECT)
		rc = err_set(e, RC_CONFIG, "must be {from: name, value: text,"
		    " into: {ENTITY: name, ...}}");
	if (!rc)
		rc = literal_keys(j, node, keys, e);
	if (!rc)
		rc = load_flag(m, j, node, e);
	if (!rc)
		rc = load_targets(m, j, json_get(j, node, SPAN("into")), e);
	return rc ? err_prefix(e, rc, "converted") : RC_OK;
}

struct span
mapping_conversion_read(struct mapping *m, const struct json *j,
    struct arena *a)
{
	const struct map_conversion *c = &m->converted;
	struct buf *b = &m->private->text;
	struct span flag = mapping_read_plain(m, j, m->private->converted, a);

	if (!flag.ptr || !charcase_eq(flag, c->value))
		return span_of(NULL, 0);
	buf_reset(b);
	buf_putc(b, '{');
	for (size_t i = 0; i < c->count; i++) {
		struct span id = mapping_read_id(m, j, c->into[i].source, a);

		if (!id.ptr)
			continue;
		if (b->len > 1)
			buf_putc(b, ',');
		json_put_string(b, c->into[i].entity);
		buf_putc(b, ':');
		json_put_string(b, id);
	}
	buf_putc(b, '}');
	return b->len > 2 ? arena_dup(a, buf_view(b)) : span_of(NULL, 0);
}
