/* SPDX-License-Identifier: MIT */
/* mapping_load: from the files of a mapping to a struct mapping. */
#include "mapping_private.h"

#include <stdio.h>
#include <stdlib.h>

#include "entity.h"
#include "hash.h"
#include "limits.h"
#include "literal.h"
#include "mapping_file.h"
#include "xalloc.h"

static const char *const keys[] = { "entity", "kind", "object", "id",
	"modified", "uid", "deleted", "merged_into", "converted", "blank",
	"null_marker", "zone", "date", "approve", "fields", "description",
	NULL };

static const char *const name_keys[] = { "from", "labels", "value", "date",
	"zone", NULL };

static const char *const blanks[] = { "absent", "null", "empty", NULL };

static struct mapping *
mapping_new(struct span name)
{
	struct mapping *m = xcalloc(1, sizeof(*m));
	struct map_private *p = xcalloc(1, sizeof(*p));

	arena_init(&m->arena);
	m->private = p;
	m->name = arena_dup(&m->arena, name);
	buf_init(&m->original, LIMIT_LINE, "originals of a record");
	buf_init(&m->times, LIMIT_LINE, "times of a record");
	arena_init(&p->scratch);
	buf_init(&p->text, LIMIT_LINE, "value");
	buf_init(&p->value, LIMIT_LINE, "value");
	json_init(&p->json);
	p->id = p->modified = p->uid = p->deleted = p->merged_into =
	    p->converted = NO_SOURCE;
	return m;
}

void
mapping_free(struct mapping *m)
{
	struct map_private *p;
	size_t i;

	if (!m)
		return;
	p = m->private;
	for (i = 0; i < p->program_count; i++)
		jqprog_free(p->programs[i]);
	free(p->programs);
	for (i = 0; i < 4; i++)
		free(p->columns[i]);
	free(p->sources);
	free(p->aliases);
	free(p->found);
	free(p->exact);
	free(p->times);
	free(p->keys);
	json_free(&p->json);
	buf_free(&p->text);
	buf_free(&p->value);
	arena_free(&p->scratch);
	free(p);
	buf_free(&m->original);
	buf_free(&m->times);
	entity_free(m->entity);
	arena_free(&m->arena);
	free(m);
}

/* id, modified, ...: a name, or {from: name, labels: [...]}. */
static enum rc
load_name(struct mapping *m, const struct json *j, const char *key,
    struct span *name, uint32_t *source, struct err *e)
{
	uint32_t node = json_get(j, 0, span_str(key));
	struct span *labels = NULL;
	size_t count = 0;
	enum rc rc = RC_OK;

	if (!node)
		return RC_OK;
	if (json_kind(j, node) == JSON_STRING) {
		*name = literal_string(j, node, &m->arena);
	} else if (json_kind(j, node) == JSON_OBJECT) {
		rc = literal_keys(j, node, name_keys, e);
		if (!rc)
			rc = mapping_file_string(j, node, "from", &m->arena,
			    name, e);
		if (!rc)
			rc = mapping_file_strings(j, node, "labels",
			    &m->arena, &labels, &count, e);
	}
	if (!rc && !name->len)
		rc = err_set(e, RC_CONFIG, "must be a name, or {from: name,"
		    " labels: [...]}");
	if (rc)
		return err_prefix(e, rc, "%s", key);
	*source = mapping_source_add(m, *name);
	mapping_source_label(m, *source, labels, count);
	*name = m->private->sources[*source].name;
	return RC_OK;
}

static enum rc
load_names(struct mapping *m, const struct json *j, struct err *e)
{
	struct map_private *p = m->private;
	uint32_t node = json_get(j, 0, SPAN("deleted"));
	enum rc rc;

	rc = load_name(m, j, "id", &m->id, &p->id, e);
	if (!rc && !m->id.ptr)
		rc = err_set(e, RC_CONFIG, "id is missing: the source's name"
		    " of a record's id");
	if (!rc)
		rc = load_name(m, j, "modified", &m->modified, &p->modified,
		    e);
	if (!rc)
		rc = load_name(m, j, "uid", &m->uid, &p->uid, e);
	if (!rc)
		rc = load_name(m, j, "deleted", &m->deleted, &p->deleted, e);
	if (!rc)
		rc = load_name(m, j, "merged_into", &m->merged_into,
		    &p->merged_into, e);
	if (!rc && m->deleted.ptr) {
		m->deleted_value = SPAN("true");
		if (json_kind(j, node) == JSON_OBJECT)
			rc = mapping_file_string(j, node, "value", &m->arena,
			    &m->deleted_value, e);
	}
	if (!rc)
		rc = mapping_conversion_load(m, j, e);
	if (!rc && m->modified.ptr) {
		node = json_get(j, 0, SPAN("modified"));
		if (json_kind(j, node) == JSON_OBJECT)
			rc = mapping_field_when(m, j, node, &p->when, e);
	}
	return rc;
}

static enum rc
load_fields(struct mapping *m, const struct json *j, struct err *e)
{
	uint32_t node = json_get(j, 0, SPAN("fields"));
	const struct datetime_spec when = m->private->when;
	struct map_field *f;
	size_t i, at;
	enum rc rc;

	if (!node || json_kind(j, node) != JSON_OBJECT)
		return err_set(e, RC_CONFIG, "fields must be an object");
	m->fields = arena_zero(&m->arena, (m->entity->field_count + 1) *
	    sizeof(*m->fields));
	for (JSON_EACH(j, node, key, value)) {
		struct map_field one = { .dir = DIR_PULL };

		rc = mapping_field_load(m, &one, j, key, value, &when, e);
		if (rc)
			return err_prefix(e, rc, "field %.*s",
			    SPAN_ARG(json_inner(j, key)));
		/* keys are unique, so there is room: kept in entity order */
		for (at = 0; at < m->field_count && m->fields[at].field <
		    one.field; at++)
			;
		for (i = m->field_count++; i > at; i--)
			m->fields[i] = m->fields[i - 1];
		f = &m->fields[at];
		*f = one;
	}
	return RC_OK;
}

#define NAMES 4 /* what one field may be written as */

/* The k-th name a field is written to; empty: none. */
static struct span
target(const struct map_field *f, size_t k)
{
	if (!(f->dir & DIR_PUSH))
		return span_of(NULL, 0);
	return k == 0 ? f->from : k == 1 ? f->also : k == 2 ? f->history :
	    f->trend;
}

/* The field that is written to that name, before the n-th of all names. */
static const struct map_field *
written_before(const struct mapping *m, struct span name, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (span_eq(target(&m->fields[i / NAMES], i % NAMES), name))
			return &m->fields[i / NAMES];
	return NULL;
}

/* Two fields written to one name of the target would fight. */
static enum rc
check_targets(struct mapping *m, struct err *e)
{
	const struct entity_field *fields = m->entity->fields;

	for (size_t i = 0; i < m->field_count * NAMES; i++) {
		const struct map_field *f = &m->fields[i / NAMES], *other;
		struct span name = target(f, i % NAMES);

		if (!name.len)
			continue;
		if (span_eq(name, m->id))
			return err_set(e, RC_CONFIG, "field %.*s: would"
			    " overwrite the id \"%.*s\"",
			    SPAN_ARG(fields[f->field].name), SPAN_ARG(name));
		other = written_before(m, name, i);
		if (other)
			return err_set(e, RC_CONFIG, "fields %.*s and %.*s:"
			    " both are written to \"%.*s\"",
			    SPAN_ARG(fields[other->field].name),
			    SPAN_ARG(fields[f->field].name), SPAN_ARG(name));
	}
	return RC_OK;
}

static enum rc
load_system(struct mapping *m, const struct json *j,
    const struct mapping_name *n, struct err *e)
{
	struct span entity = { NULL, 0 };
	int blank = BLANK_ABSENT;
	enum rc rc;

	rc = literal_keys(j, 0, keys, e);
	if (!rc)
		rc = mapping_file_string(j, 0, "entity", &m->arena, &entity,
		    e);
	if (!rc && !span_eq(entity, n->entity))
		rc = err_set(e, RC_CONFIG, "entity must be \"%.*s\", as the"
		    " file's name says", SPAN_ARG(n->entity));
	if (!rc)
		rc = mapping_file_string(j, 0, "kind", &m->arena, &m->kind,
		    e);
	if (!rc)
		rc = mapping_file_string(j, 0, "object", &m->arena,
		    &m->object, e);
	if (!rc && !m->object.len)
		rc = err_set(e, RC_CONFIG, "object is missing: the system's"
		    " own name of the type");
	if (!rc)
		rc = mapping_file_word(j, 0, "blank", blanks, &blank, e);
	if (!rc)
		rc = mapping_file_string(j, 0, "null_marker", &m->arena,
		    &m->null_marker, e);
	if (!rc)
		rc = mapping_file_flag(j, 0, "approve", &m->approve, e);
	if (!rc)
		rc = mapping_field_when(m, j, 0, &m->private->when, e);
	if (!rc)
		rc = load_names(m, j, e);
	if (!rc)
		rc = load_fields(m, j, e);
	if (!rc)
		rc = mapping_source_index(m, e);
	if (!rc)
		rc = check_targets(m, e);
	m->blank = (enum blank_policy)blank;
	if (!m->kind.ptr)
		m->kind = arena_dup(&m->arena, n->kind);
	return rc;
}

/* Both files' texts to a mapping; `evaluated` holds the entity's so far. */
static enum rc
build(struct mapping *m, const struct mapping_name *n, struct span text,
    const char *what, struct buf *evaluated, struct err *e)
{
	struct literal lit;
	enum rc rc;

	m->system = arena_dup(&m->arena, n->system);
	literal_init(&lit);
	rc = literal_parse(&lit, text, what, e);
	if (!rc) {
		rc = load_system(m, &lit.json, n, e);
		if (rc)
			rc = err_prefix(e, rc, "%s", what);
	}
	if (!rc) {
		buf_span(evaluated, buf_view(&lit.text));
		snprintf(m->hash, sizeof(m->hash), "%016llx",
		    (unsigned long long)hash64(buf_view(evaluated), 0));
	}
	literal_free(&lit);
	return rc;
}

enum rc
mapping_parse(struct mapping **out, struct span name,
    struct span entity_text, struct span system_text,
    const struct systems *systems, struct err *e)
{
	struct mapping *m = mapping_new(name);
	struct mapping_name n;
	struct buf evaluated;
	enum rc rc;

	buf_init(&evaluated, 2 * LIMIT_MAPPING_FILE, "mapping");
	rc = mapping_file_name(&n, name, systems, e);
	if (!rc)
		rc = entity_parse(&m->entity, n.entity, entity_text, "entity",
		    &evaluated, e);
	if (!rc)
		rc = build(m, &n, system_text, "mapping", &evaluated, e);
	buf_free(&evaluated);
	if (rc) {
		mapping_free(m);
		m = NULL;
	}
	*out = m;
	return rc;
}

static enum rc
load_files(struct mapping *m, const struct mapping_name *n, struct err *e)
{
	struct buf raw, evaluated;
	const char *path;
	enum rc rc;

	buf_init(&raw, LIMIT_MAPPING_FILE, "mapping file");
	buf_init(&evaluated, 2 * LIMIT_MAPPING_FILE, "mapping");
	path = mapping_file_system(&m->arena, n);
	if (!path)
		rc = err_set(e, RC_CONFIG, "no mapping %.*s.%.*s.jq%s%.*s in"
		    " %s", SPAN_ARG(n->entity), SPAN_ARG(n->system),
		    span_eq(n->kind, n->system) ? "" : " nor one for kind ",
		    span_eq(n->kind, n->system) ? 0 : (int)n->kind.len,
		    n->kind.ptr, mapping_file_searched(&m->arena,
		    n->directory));
	else
		rc = entity_load_from(&m->entity, n->directory, n->entity,
		    &evaluated, e);
	if (!rc)
		rc = mapping_file_read(&raw, path, e);
	if (!rc)
		rc = build(m, n, buf_view(&raw), path, &evaluated, e);
	buf_free(&evaluated);
	buf_free(&raw);
	return rc;
}

enum rc
mapping_load(struct mapping **out, struct span name,
    const struct systems *systems, struct err *e)
{
	struct mapping *m = mapping_new(name);
	struct mapping_name n;
	enum rc rc;

	rc = mapping_file_name(&n, name, systems, e);
	if (!rc && !n.system.len)
		rc = err_set(e, RC_CONFIG, "\"%.*s\" names an entity; a"
		    " mapping is ENTITY.SYSTEM", SPAN_ARG(name));
	if (!rc)
		rc = load_files(m, &n, e);
	if (rc) {
		mapping_free(m);
		m = NULL;
	}
	*out = m;
	return rc;
}

bool
mapping_exists(struct span entity, struct span system,
    const struct systems *systems)
{
	const struct system *s = systems_find(systems, system);
	struct mapping_name n = { { NULL, 0 }, entity, system,
		s ? s->kind : system };
	struct arena a;
	bool exists;

	arena_init(&a);
	exists = mapping_file_system(&a, &n) != NULL;
	arena_free(&a);
	return exists;
}

size_t
mapping_field_find(const struct mapping *m, size_t entity_field)
{
	size_t i;

	for (i = 0; i < m->field_count; i++)
		if (m->fields[i].field == entity_field)
			return i;
	return SIZE_MAX;
}
