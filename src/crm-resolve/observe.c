/* SPDX-License-Identifier: MIT */
#include "observe.h"

#include "../lib/clock.h"
#include "../lib/ref.h"
#include "plain.h"

bool
observe_hash(struct span hex, struct hash128 *h)
{
	unsigned char *out = (unsigned char *)h;

	if (hex.len != 2 * sizeof *h)
		return false;
	for (size_t i = 0; i < hex.len; i++) {
		char c = hex.ptr[i];
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

/* The members of the line that matter here, in one look. */
struct members {
	struct span type, op, system, object, id, version, modified, hash;
	struct span merged_into;
	bool absent, again, has_base, waiting, unknown;
	uint64_t base;
	uint32_t fields, times, converted;
};

static void
take_member(const struct json *j, uint32_t key, uint32_t value,
    struct arena *a, struct members *m)
{
	const struct {
		struct span name;
		struct span *into;
	} texts[] = {
		{ { "type", 4 }, &m->type }, { { "op", 2 }, &m->op },
		{ { "system", 6 }, &m->system },
		{ { "object", 6 }, &m->object }, { { "id", 2 }, &m->id },
		{ { "version", 7 }, &m->version },
		{ { "modified", 8 }, &m->modified },
		{ { "hash", 4 }, &m->hash },
		{ { "merged_into", 11 }, &m->merged_into },
	};
	struct span name = json_inner(j, key);

	if (span_eq(name, SPAN("fields")))
		m->fields = json_kind(j, value) == JSON_OBJECT ? value : 0;
	else if (span_eq(name, SPAN("times")))
		m->times = json_kind(j, value) == JSON_OBJECT ? value : 0;
	else if (span_eq(name, SPAN("converted_into")))
		m->converted = json_kind(j, value) == JSON_OBJECT ? value : 0;
	else if (span_eq(name, SPAN("absent")))
		m->absent = json_kind(j, value) == JSON_TRUE;
	else if (span_eq(name, SPAN("again")))
		m->again = json_kind(j, value) == JSON_TRUE;
	else if (span_eq(name, SPAN("waiting")))
		m->waiting = json_kind(j, value) == JSON_TRUE;
	else if (span_eq(name, SPAN("unknown")))
		m->unknown = json_kind(j, value) == JSON_TRUE;
	else if (span_eq(name, SPAN("base")))
		m->has_base = true;
	if (json_kind(j, value) != JSON_STRING)
		return;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		if (span_eq(name, texts[i].name))
			*texts[i].into = json_string(j, value, a);
}

static void
take_members(const struct json *j, struct arena *a, struct members *m)
{
	*m = (struct members){ .fields = 0 };
	for (JSON_EACH(j, 0, key, value))
		take_member(j, key, value, a, m);
	m->base = (uint64_t)(m->has_base ? json_get_int(j, 0, SPAN("base"),
	    0) : 0);
}

static bool
take_plain_members(const struct policy *p, struct span text,
    struct span *fields, struct members *m)
{
	struct plain l;

	if (!plain_create(p, text, &l, fields))
		return false;
	*m = (struct members){ .type = SPAN("change"), .op = l.op,
		.system = l.system, .object = l.object, .id = l.id,
		.version = l.version, .modified = l.modified,
		.hash = l.hash };
	return true;
}

static bool
op_of(const struct members *m, enum observed *op)
{
	if (span_eq(m->type, SPAN("same")))
		*op = OBSERVED_TOUCH;
	else if (span_eq(m->op, SPAN("create")))
		*op = OBSERVED_CREATE;
	else if (span_eq(m->op, SPAN("update")))
		*op = OBSERVED_UPDATE;
	else if (span_eq(m->op, SPAN("delete")))
		*op = OBSERVED_DELETE;
	else if (span_eq(m->op, SPAN("merge")) && m->merged_into.len)
		*op = OBSERVED_MERGE;
	else if (span_eq(m->op, SPAN("convert")) && m->converted)
		*op = OBSERVED_CONVERT;
	else
		return false;
	return true;
}

/* Fields come in the entity's order: the next one is tried first. */
static size_t
find_field(const struct policy *p, struct span name, size_t guess)
{
	const struct entity *en = p->entity;

	for (size_t i = guess; i < en->field_count; i++)
		if (span_eq(en->fields[i].name, name))
			return i;
	return entity_field_find(en, name);
}

/* Is what the field refers to decided in this very run, maybe as its first? */
static bool
comes_too(const struct policy *p, size_t field)
{
	const struct span to = p->entity->fields[field].to;

	for (size_t i = 0; p->beside && i < *p->beside_count; i++)
		if (span_eq(p->beside[i]->entity->name, to))
			return true;
	return false;
}

/*
 * A reference to what is not linked says nothing.  Its record is compared in
 * full until it can be followed, if its entity is here at all, or comes in this
 * run: when another entity comes, all is compared once (crm-diff).
 */
static enum rc
wait_for(const struct policy *p, struct txn *t, size_t at,
    struct span value, struct arena *a, struct observation *o,
    struct err *e)
{
	struct span system = p->systems[o->system].name;
	bool may, own, gone;
	enum rc rc = ref_may_follow(t, system, value, p->entity->name, a,
	    &may, &own, e);

	o->fields[at] = span_of(NULL, 0);
	may |= comes_too(p, at);
	if (!rc)
		rc = ref_is_gone(t, system, value, a, &gone, e);
	if (rc || (!may && !own))
		return rc;
	o->unlinked = true;
	o->unknown |= !gone;
	return RC_OK;
}

/* The value it has in the line becomes ours. */
static enum rc
take_value(const struct policy *p, struct txn *t, size_t at,
    struct span value, struct arena *a, struct observation *o, struct err *e)
{
	const struct policy_system *s = &p->systems[o->system];
	struct span *field = &o->fields[at];
	enum rc rc;

	*field = span_of(NULL, 0);
	if (!s->direction[at])
		return RC_OK;
	*field = value;
	if (!ref_is(value))
		return RC_OK;
	rc = ref_to_uid(t, s->name, value, a, field, e);
	if (rc == RC_END && s->direction[at] == DIR_PUSH)
		return RC_OK;           /* drift to what we do not know */
	return rc == RC_END ? wait_for(p, t, at, value, a, o, e) : rc;
}

/* Those a plain line has stand there already, as they are written. */
static enum rc
take_plain(const struct policy *p, struct txn *t, struct arena *a,
    struct observation *o, struct err *e)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; i < p->entity->field_count && !rc; i++)
		if (o->fields[i].ptr)
			rc = take_value(p, t, i, o->fields[i], a, o, e);
	return rc;
}

static enum rc
read_fields(const struct policy *p, struct txn *t, const struct json *j,
    uint32_t fields, struct arena *a, struct observation *o, struct err *e)
{
	size_t at = SIZE_MAX;

	if (!fields)
		return RC_OK;
	for (JSON_EACH(j, fields, key, value)) {
		struct span name = json_string(j, key, a);
		uint32_t new = json_kind(j, value) == JSON_OBJECT ?
		    json_get(j, value, SPAN("new")) : 0;
		enum rc rc;

		at = find_field(p, name, at + 1);
		if (at == SIZE_MAX || !new)
			return err_set(e, RC_RECORD, "field %.*s: the entity "
			    "has no such field, or no new value is given",
			    SPAN_ARG(name));
		rc = take_value(p, t, at, json_text(j, new), a, o, e);
		if (rc)
			return rc;
	}
	return RC_OK;
}

/* Only what says of itself when it changed. */
static enum rc
read_times(const struct policy *p, const struct json *j, uint32_t times,
    struct arena *a, struct observation *o, struct err *e)
{
	if (!times)
		return RC_OK;
	o->times = arena_zero(a, (p->entity->field_count + 1) *
	    sizeof *o->times);
	for (JSON_EACH(j, times, key, value)) {
		struct span name = json_string(j, key, a);
		size_t at = entity_field_find(p->entity, name);

		if (at == SIZE_MAX || !o->fields[at].ptr)
			continue;
		if (json_kind(j, value) != JSON_STRING ||
		    !clock_parse(json_inner(j, value), &o->times[at]))
			return err_set(e, RC_RECORD, "\"times\": that of "
			    "%.*s is no UTC instant", SPAN_ARG(name));
	}
	return RC_OK;
}

/* What it refers to seemed to be gone, and may be what comes back just now. */
static bool
may_come_back(const struct policy *p, const struct observation *o)
{
	bool any = p->restores;

	for (size_t i = 0; p->beside && i < *p->beside_count; i++)
		any |= p->beside[i]->restores;
	return o->unlinked && any;
}

/*
 * What it became; references that it still shows to what is not known are not
 * waited for: nothing more is to come of it.
 */
static enum rc
take_conversion(const struct json *j, uint32_t into, struct observation *o,
    struct arena *a, struct err *e)
{
	for (JSON_EACH(j, into, key, value)) {
		struct span id = json_kind(j, value) == JSON_STRING ?
		    json_string(j, value, a) : SPAN("");

		if (!id.len || id.len > LIMIT_ID ||
		    !home_is_name(json_string(j, key, a)))
			return err_set(e, RC_RECORD, "\"converted_into\" is "
			    "no object of ids by entity");
	}
	o->converted_into = json_text(j, into);
	o->unlinked = o->unknown = false;
	return RC_OK;
}

enum rc
observe_line(const struct policy *p, struct txn *t, struct json *j,
    const struct observe_head *head, struct span text, struct arena *a,
    struct observation *o, struct err *e)
{
	struct members m = { .fields = 0 };
	enum rc rc = RC_OK;
	bool plain;

	*o = (struct observation){ .scope = head->scope,
		.matched = head->matched, .stamp = (enum stamp)head->stamp,
		.began = head->began, .system = SIZE_MAX };
	o->fields = arena_zero(a, (p->entity->field_count + 1) *
	    sizeof *o->fields);
	plain = take_plain_members(p, text, o->fields, &m);
	if (!plain)
		rc = json_parse(j, text, e);
	if (rc)
		return rc;
	if (!plain)
		take_members(j, a, &m);
	o->system = policy_system_find(p, m.system);
	o->object = m.object;
	o->id = m.id;
	o->version = m.version;
	o->merged_into = m.merged_into;
	o->absent = m.absent;
	o->again = m.again;
	o->unordered = head->unordered;
	o->exported = head->exported;
	o->unlinked = m.waiting;
	o->unknown = m.unknown;
	o->has_base = m.has_base;
	o->base = m.base;
	if (o->system == SIZE_MAX)
		return err_set(e, RC_CONFIG, "a change of a system that is "
		    "not declared in systems.jq or has no mapping");
	if (!op_of(&m, &o->op))
		return err_set(e, RC_RECORD, "unknown op of a change");
	if (m.modified.len && !clock_parse(m.modified, &o->modified))
		return err_set(e, RC_RECORD, "\"modified\" is no UTC instant");
	if (m.hash.len && !observe_hash(m.hash, &o->hash))
		return err_set(e, RC_RECORD, "\"hash\" is not 32 hex digits");
	if (plain)
		return take_plain(p, t, a, o, e);
	rc = read_fields(p, t, j, m.fields, a, o, e);
	o->unknown |= may_come_back(p, o);
	if (!rc)
		rc = read_times(p, j, m.times, a, o, e);
	return rc || o->op != OBSERVED_CONVERT ? rc :
	    take_conversion(j, m.converted, o, a, e);
}
