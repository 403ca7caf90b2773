/* SPDX-License-Identifier: MIT */
#include "observe.h"

#include "../lib/clock.h"
#include "../lib/ref.h"

static bool
parse_hex(struct span s, unsigned char *out, size_t n)
{
	if (s.len != 2 * n)
		return false;
	for (size_t i = 0; i < 2 * n; i++) {
		char c = s.ptr[i];
		unsigned v;

		if (c >= '0' && c <= '9')
			v = (unsigned)(c - '0');
		else if (c >= 'a' && c <= 'f')
			v = (unsigned)(c - 'a') + 10;
		else
			return false;
		out[i / 2] = (unsigned char)(i % 2 ? out[i / 2] | v : v << 4);
	}
	return true;
}

static bool
op_of(const struct json *j, struct arena *a, enum observed *op)
{
	struct span type = json_get_string(j, 0, SPAN("type"), a);
	struct span name = json_get_string(j, 0, SPAN("op"), a);

	if (span_eq(type, SPAN("same")))
		*op = OBSERVED_TOUCH;
	else if (span_eq(name, SPAN("create")))
		*op = OBSERVED_CREATE;
	else if (span_eq(name, SPAN("update")))
		*op = OBSERVED_UPDATE;
	else if (span_eq(name, SPAN("delete")))
		*op = OBSERVED_DELETE;
	else
		return false;
	return true;
}

static enum rc
read_fields(const struct policy *p, struct txn *t, const struct json *j,
    struct arena *a, struct observation *o, struct err *e)
{
	const struct policy_system *s = &p->systems[o->system];
	uint32_t fields = json_get(j, 0, SPAN("fields"));

	if (!fields || json_kind(j, fields) != JSON_OBJECT)
		return RC_OK;
	for (JSON_EACH(j, fields, key, value)) {
		struct span name = json_string(j, key, a);
		size_t at = entity_field_find(p->entity, name);
		uint32_t new = json_kind(j, value) == JSON_OBJECT ?
		    json_get(j, value, SPAN("new")) : 0;
		enum rc rc;

		if (at == SIZE_MAX || !new)
			return err_set(e, RC_RECORD, "field %.*s: the entity "
			    "has no such field, or no new value is given",
			    SPAN_ARG(name));
		if (!(s->direction[at] & DIR_PULL))
			continue;
		rc = ref_to_uid(t, s->name, json_text(j, new), a,
		    &o->fields[at], e);
		if (rc == RC_END)
			o->fields[at] = span_of(NULL, 0);
		else if (rc)
			return rc;
	}
	return RC_OK;
}

enum rc
observe_line(const struct policy *p, struct txn *t, struct json *j,
    const struct observe_head *head, struct span text, struct arena *a,
    struct observation *o, struct err *e)
{
	struct span modified, hash;
	enum rc rc = json_parse(j, text, e);

	*o = (struct observation){ .scope = head->scope,
		.began = head->began };
	o->fields = arena_zero(a, (p->entity->field_count + 1) *
	    sizeof *o->fields);
	if (rc)
		return rc;
	o->system = policy_system_find(p, json_get_string(j, 0,
	    SPAN("system"), a));
	o->object = json_get_string(j, 0, SPAN("object"), a);
	o->id = json_get_string(j, 0, SPAN("id"), a);
	o->version = json_get_string(j, 0, SPAN("version"), a);
	if (o->system == SIZE_MAX)
		return err_set(e, RC_CONFIG, "a change of a system that is "
		    "not declared in systems.jq or has no mapping");
	if (!op_of(j, a, &o->op))
		return err_set(e, RC_RECORD, "unknown op of a change");
	o->absent = json_get_true(j, 0, SPAN("absent"));
	o->has_base = json_get(j, 0, SPAN("base")) != 0;
	o->base = (uint64_t)json_get_int(j, 0, SPAN("base"), 0);
	modified = json_get_string(j, 0, SPAN("modified"), a);
	if (modified.len && !clock_parse(modified, &o->modified))
		return err_set(e, RC_RECORD, "\"modified\" is no UTC instant");
	hash = json_get_string(j, 0, SPAN("hash"), a);
	if (hash.len && !parse_hex(hash, (unsigned char *)&o->hash,
	    sizeof o->hash))
		return err_set(e, RC_RECORD, "\"hash\" is not 32 hex digits");
	return read_fields(p, t, j, a, o, e);
}
