/* SPDX-License-Identifier: MIT */
/* entity: what a canonical type is, from ENTITY.jq. */
#include "mapping.h"

#include <stdlib.h>

#include "entity.h"
#include "likeness.h"
#include "limits.h"
#include "literal.h"
#include "mapping_file.h"
#include "xalloc.h"

const char *const mapping_types[] = { "text", "number", "integer", "boolean",
	"date", "datetime", "email", "phone", "url", "enum", "set", "ref",
	"json", NULL };

static const char *const policies[] = { "archive", "delete", "keep",
	"review", NULL };

static const char *const conversions[] = { "review", "tell", "archive",
	NULL };

static const char *const entity_keys[] = { "entity", "match", "similar",
	"deletes", "converts", "fields", "description", NULL };

static const char *const field_keys[] = { "type", "required", "scale",
	"max_length", "rule", "to", "values", "history", "derive",
	"description", NULL };

struct loader {
	const struct json *j;
	struct arena *a;
	struct err *e;
};

/* Keys that only some types have. */
static enum rc
check_type_keys(struct loader *l, const struct entity_field *f)
{
	if (f->scale >= 0 && f->type != TYPE_NUMBER)
		return err_set(l->e, RC_CONFIG, "scale is for numbers");
	if (f->max_length && f->type != TYPE_TEXT && f->type != TYPE_EMAIL &&
	    f->type != TYPE_PHONE && f->type != TYPE_URL &&
	    f->type != TYPE_ENUM)
		return err_set(l->e, RC_CONFIG, "max_length is for texts");
	if (f->value_count && f->type != TYPE_ENUM && f->type != TYPE_SET)
		return err_set(l->e, RC_CONFIG, "values are for enum and"
		    " set");
	if ((f->type == TYPE_REF) != (f->to.ptr != NULL))
		return err_set(l->e, RC_CONFIG, f->to.ptr ?
		    "to is for references" :
		    "a reference needs to: the entity it points to");
	if (f->history && (f->type == TYPE_JSON || f->type == TYPE_REF))
		return err_set(l->e, RC_CONFIG, "history is not for %s",
		    mapping_types[f->type]);
	return RC_OK;
}

/* derive: "crm_url:SYSTEM", "last_synced_at", "sync_status" or "origin" */
static enum rc
load_derive(struct loader *l, struct entity_field *f, uint32_t node)
{
	struct span lead = SPAN("crm_url:"), text = { NULL, 0 };
	enum rc rc = mapping_file_string(l->j, node, "derive", l->a, &text,
	    l->e);

	if (rc || !text.ptr)
		return rc;
	if (span_eq(text, SPAN("last_synced_at")))
		f->derive = DERIVE_SYNCED_AT;
	else if (span_eq(text, SPAN("sync_status")))
		f->derive = DERIVE_STATUS;
	else if (span_eq(text, SPAN("origin")))
		f->derive = DERIVE_ORIGIN;
	else if (text.len > lead.len && memcmp(text.ptr, lead.ptr, lead.len)
	    == 0)
		f->derive = DERIVE_CRM_URL;
	else
		return err_set(l->e, RC_CONFIG, "derive: give \"crm_url:SYSTEM"
		    "\", \"last_synced_at\", \"sync_status\" or \"origin\"");
	if (f->derive == DERIVE_CRM_URL)
		f->derive_of = span_of(text.ptr + lead.len, text.len -
		    lead.len);
	if (f->required || json_get(l->j, node, SPAN("rule")))
		return err_set(l->e, RC_CONFIG, "derive: such a field has no "
		    "rule, and is not required");
	return RC_OK;
}

static enum rc
load_field_members(struct loader *l, struct entity_field *f, uint32_t node)
{
	int64_t scale = -1, longest = 0, history = 0;
	const struct json *j = l->j;
	int type = -1;
	enum rc rc;

	rc = literal_keys(j, node, field_keys, l->e);
	if (!rc)
		rc = mapping_file_word(j, node, "type", mapping_types, &type,
		    l->e);
	if (!rc && type < 0)
		rc = err_set(l->e, RC_CONFIG, "has no type");
	if (!rc)
		rc = mapping_file_flag(j, node, "required", &f->required,
		    l->e);
	if (!rc)
		rc = mapping_file_count(j, node, "scale", 0, 30, &scale,
		    l->e);
	if (!rc)
		rc = mapping_file_count(j, node, "max_length", 1, LIMIT_LINE,
		    &longest, l->e);
	if (!rc)
		rc = mapping_file_count(j, node, "history", 0, 1000,
		    &history, l->e);
	if (!rc)
		rc = mapping_file_string(j, node, "description", l->a,
		    &f->description, l->e);
	if (!rc)
		rc = mapping_file_string(j, node, "to", l->a, &f->to, l->e);
	if (!rc)
		rc = mapping_file_strings(j, node, "values", l->a, &f->values,
		    &f->value_count, l->e);
	if (rc)
		return rc;
	f->type = (enum field_type)type;
	f->scale = f->type == TYPE_INTEGER ? -1 : (int)scale;
	f->max_length = (size_t)longest;
	f->history = (unsigned)history;
	rc = check_type_keys(l, f);
	if (!rc)
		rc = load_derive(l, f, node);
	if (!rc && json_get(j, node, SPAN("rule")))
		rc = entity_rule(f, j, json_get(j, node, SPAN("rule")), l->a,
		    l->e);
	return rc;
}

static enum rc
load_fields(struct loader *l, struct entity *en, uint32_t node)
{
	struct entity_field *f;
	enum rc rc;

	if (!node || json_kind(l->j, node) != JSON_OBJECT ||
	    l->j->nodes[node].next == node + 1)
		return err_set(l->e, RC_CONFIG, "fields must be an object"
		    " with a field at least");
	en->fields = arena_zero(l->a, (size_t)(l->j->nodes[node].next - node)
	    / 2 * sizeof(*en->fields));
	for (JSON_EACH(l->j, node, key, value)) {
		if (en->field_count == LIMIT_FIELDS)
			return err_set(l->e, RC_CONFIG, "over %d fields",
			    LIMIT_FIELDS);
		f = &en->fields[en->field_count++];
		f->name = literal_string(l->j, key, l->a);
		if (json_kind(l->j, value) != JSON_OBJECT)
			rc = err_set(l->e, RC_CONFIG, "must be an object"
			    " {type: ...}");
		else if (!f->name.len || f->name.len > LIMIT_NAME)
			rc = err_set(l->e, RC_CONFIG, "has an empty or too"
			    " long name");
		else
			rc = load_field_members(l, f, value);
		en->derives |= f->derive != DERIVE_NONE;
		if (rc)
			return err_prefix(l->e, rc, "field %.*s",
			    SPAN_ARG(f->name));
	}
	return RC_OK;
}

static enum rc
load_match_key(struct loader *l, struct entity *en, uint32_t node)
{
	struct match_key *key = &en->match[en->match_count++];
	struct span name;
	size_t index;

	if (json_kind(l->j, node) != JSON_ARRAY ||
	    l->j->nodes[node].next == node + 1)
		return err_set(l->e, RC_CONFIG, "match is a list of lists of"
		    " fields: [[\"email\"], [\"name\", \"country\"]]");
	key->fields = arena_zero(l->a, (size_t)(l->j->nodes[node].next -
	    node) * sizeof(*key->fields));
	for (JSON_ITEMS(l->j, node, item)) {
		name = json_kind(l->j, item) == JSON_STRING ?
		    json_inner(l->j, item) : span_of("", 0);
		index = entity_field_find(en, name);
		if (index == SIZE_MAX)
			return err_set(l->e, RC_CONFIG, "match: no field"
			    " \"%.*s\"", SPAN_ARG(name));
		key->fields[key->count++] = index;
	}
	return RC_OK;
}

static enum rc
load_match(struct loader *l, struct entity *en, uint32_t node)
{
	enum rc rc = RC_OK;

	if (!node)
		return RC_OK;
	if (json_kind(l->j, node) != JSON_ARRAY)
		return err_set(l->e, RC_CONFIG, "match must be a list");
	en->match = arena_zero(l->a, (size_t)(l->j->nodes[node].next - node) *
	    sizeof(*en->match));
	for (JSON_ITEMS(l->j, node, item)) {
		if (en->match_count == LIMIT_MATCH)
			return err_set(l->e, RC_CONFIG, "match: over %d keys",
			    LIMIT_MATCH);
		rc = load_match_key(l, en, item);
		if (rc)
			break;
	}
	return rc;
}

static enum rc
load_entity(struct loader *l, struct entity *en, struct span name)
{
	struct span said = { NULL, 0 };
	int policy = DELETES_ARCHIVE, converts = CONVERTS_REVIEW;
	uint32_t similar;
	enum rc rc;

	rc = literal_keys(l->j, 0, entity_keys, l->e);
	if (!rc)
		rc = mapping_file_string(l->j, 0, "entity", l->a, &said,
		    l->e);
	if (!rc && !span_eq(said, name))
		rc = err_set(l->e, RC_CONFIG, "entity must be \"%.*s\", as"
		    " the file's name says", SPAN_ARG(name));
	if (!rc)
		rc = mapping_file_word(l->j, 0, "deletes", policies, &policy,
		    l->e);
	if (!rc)
		rc = mapping_file_word(l->j, 0, "converts", conversions,
		    &converts, l->e);
	if (!rc)
		rc = load_fields(l, en, json_get(l->j, 0, SPAN("fields")));
	if (!rc)
		rc = load_match(l, en, json_get(l->j, 0, SPAN("match")));
	similar = json_get(l->j, 0, SPAN("similar"));
	if (!rc && similar && en->match_count == LIMIT_MATCH)
		rc = err_set(l->e, RC_CONFIG, "match: over %d keys beside "
		    "similar", LIMIT_MATCH - 1);
	if (!rc && similar)
		rc = likeness_rule(&en->similar, l->j, similar, en, l->a,
		    l->e);
	en->name = arena_dup(l->a, name);
	en->deletes = (enum delete_policy)policy;
	en->converts = (enum convert_policy)converts;
	return rc;
}

enum rc
entity_parse(struct entity **out, struct span name, struct span text,
    const char *what, struct buf *evaluated, struct err *e)
{
	struct entity_file *file = xcalloc(1, sizeof(*file));
	struct loader l = { NULL, &file->arena, e };
	struct literal lit;
	enum rc rc;

	arena_init(&file->arena);
	literal_init(&lit);
	rc = literal_parse(&lit, text, what, e);
	if (!rc) {
		l.j = &lit.json;
		rc = load_entity(&l, &file->entity, name);
		if (rc)
			rc = err_prefix(e, rc, "%s", what);
	}
	if (!rc && evaluated)
		buf_span(evaluated, buf_view(&lit.text));
	literal_free(&lit);
	if (rc) {
		entity_free(&file->entity);
		file = NULL;
	}
	*out = file ? &file->entity : NULL;
	return rc;
}

enum rc
entity_load_from(struct entity **out, struct span directory,
    struct span name, struct buf *evaluated, struct err *e)
{
	struct arena a;
	struct buf raw;
	const char *path;
	enum rc rc;

	arena_init(&a);
	buf_init(&raw, LIMIT_MAPPING_FILE, "entity file");
	*out = NULL;
	path = mapping_file_find(&a, directory, name, span_of("", 0));
	if (!path)
		rc = err_set(e, RC_CONFIG, "no entity file %.*s.jq in %s",
		    SPAN_ARG(name), mapping_file_searched(&a, directory));
	else
		rc = mapping_file_read(&raw, path, e);
	if (!rc)
		rc = entity_parse(out, name, buf_view(&raw), path, evaluated,
		    e);
	buf_free(&raw);
	arena_free(&a);
	return rc;
}

enum rc
entity_load(struct entity **out, struct span name, struct err *e)
{
	return entity_load_from(out, span_of("", 0), name, NULL, e);
}

void
entity_free(struct entity *en)
{
	struct entity_file *file = (struct entity_file *)en;

	if (!en)
		return;
	arena_free(&file->arena);
	free(file);
}

size_t
entity_field_find(const struct entity *en, struct span name)
{
	size_t i;

	for (i = 0; i < en->field_count; i++)
		if (span_eq(en->fields[i].name, name))
			return i;
	return SIZE_MAX;
}
