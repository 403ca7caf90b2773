/* SPDX-License-Identifier: MIT */
#include "past.h"

#include "../lib/clock.h"

static struct past_field *
field_of(struct past *p, struct span name, struct arena *a)
{
	for (size_t i = 0; i < p->count; i++)
		if (span_eq(p->fields[i].name, name))
			return &p->fields[i];
	if (p->count == p->room) {
		size_t room = p->room ? 2 * p->room : 8;
		struct past_field *f = arena_zero(a, room * sizeof *f);

		if (p->count)
			memcpy(f, p->fields, p->count * sizeof *f);
		p->fields = f;
		p->room = room;
	}
	p->fields[p->count] = (struct past_field){ .name = name };
	return &p->fields[p->count++];
}

/* The first value before, the last one after. */
static enum rc
add_field(struct past *p, const struct json *j, uint32_t key, uint32_t value,
    uint32_t reasons, struct arena *a, struct err *e)
{
	uint32_t was = json_get(j, value, SPAN("was"));
	uint32_t is = json_get(j, value, SPAN("is"));
	struct span name = arena_dup(a, json_string(j, key, a));
	struct past_field *f;

	if (!was || !is)
		return err_set(e, RC_STATE, "the audit does not say what %.*s "
		    "was", SPAN_ARG(name));
	f = field_of(p, name, a);
	if (!f->was.ptr) {
		uint32_t reason = json_get(j, reasons, name);

		f->was = arena_dup(a, json_text(j, was));
		f->was_from = arena_dup(a, json_get_string(j, reason,
		    SPAN("was_from"), a));
		if (!clock_parse(json_get_string(j, reason, SPAN("was_at"),
		    a), &f->was_at))
			f->was_at = 0;
	}
	f->is = arena_dup(a, json_text(j, is));
	return RC_OK;
}

static void
add_found(struct past *p, struct span system, struct arena *a)
{
	if (p->found_count < LIMIT_SYSTEMS)
		p->found[p->found_count++] = arena_dup(a, system);
}

/* It was not known before.  Whoever had it then did not get it from us. */
static void
add_created(struct past *p, const struct json *j, struct arena *a)
{
	uint32_t systems = json_get(j, 0, SPAN("systems"));
	struct span from = json_get_string(j, 0, SPAN("from"), a);

	p->created = true;
	if (from.len)
		add_found(p, from, a);
	if (systems)
		for (JSON_EACH(j, systems, key, value))
			add_found(p, json_string(j, key, a), a);
}

static void
add_life(struct past *p, const struct json *j, uint32_t life,
    struct arena *a)
{
	struct span was = json_get_string(j, life, SPAN("was"), a);

	if (!p->life_was.len) {
		p->life_was = arena_dup(a, was);
		p->life_from = arena_dup(a, json_get_string(j, life,
		    SPAN("was_from"), a));
	}
	p->life_is = arena_dup(a, json_get_string(j, life, SPAN("is"), a));
	if (span_eq(was, SPAN("none")))
		add_created(p, j, a);
}

enum rc
past_add(struct past *p, const struct json *j, struct arena *a,
    struct err *e)
{
	uint32_t values = json_get(j, 0, SPAN("values"));
	uint32_t reasons = json_get(j, 0, SPAN("fields"));
	uint32_t life = json_get(j, 0, SPAN("life"));
	enum rc rc = RC_OK;

	p->version = (uint64_t)json_get_int(j, 0, SPAN("version"), 1);
	if (json_is(j, json_get(j, 0, SPAN("type")), SPAN("created")))
		add_created(p, j, a);
	p->merged |= json_get(j, 0, SPAN("merged_into")) != 0;
	p->converted |= json_get(j, 0, SPAN("converted_into")) != 0;
	if (life)
		add_life(p, j, life, a);
	if (!values)
		return RC_OK;
	if (json_kind(j, values) != JSON_OBJECT) {
		p->erased = true;
		return RC_OK;
	}
	for (JSON_EACH(j, values, key, value)) {
		rc = add_field(p, j, key, value, reasons, a, e);
		if (rc)
			break;
	}
	return rc;
}
