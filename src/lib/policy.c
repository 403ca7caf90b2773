/* SPDX-License-Identifier: MIT */
#include "policy.h"

#include <stdlib.h>

#include "checkpoint.h"
#include "clock.h"
#include "limits.h"
#include "xalloc.h"

static enum rc
load_system(struct policy *p, const struct system *sys,
    const struct systems *all, struct err *e)
{
	struct policy_system *s = &p->systems[p->system_count];
	size_t fields = p->entity->field_count;
	struct buf name;
	enum rc rc;

	if (!mapping_exists(p->entity->name, sys->name, all))
		return RC_OK;
	if (p->system_count == LIMIT_SYSTEMS)
		return err_set(e, RC_CONFIG, "more than %d systems",
		    LIMIT_SYSTEMS);
	*s = (struct policy_system){ .name = arena_dup(&p->arena, sys->name),
		.enabled = sys->enabled, .kind = kind_find(sys->kind) };
	s->direction = arena_zero(&p->arena, fields ? fields : 1);
	buf_init(&name, 4 * LIMIT_NAME, "mapping name");
	buf_span(&name, p->entity->name);
	buf_putc(&name, '.');
	buf_span(&name, sys->name);
	p->system_count++;
	rc = mapping_load(&s->mapping, buf_view(&name), all, e);
	buf_free(&name);
	if (rc)
		return rc;
	s->object = s->mapping->object;
	for (size_t i = 0; i < s->mapping->field_count; i++)
		s->direction[s->mapping->fields[i].field] =
		    (unsigned char)s->mapping->fields[i].dir;
	return RC_OK;
}

enum rc
policy_load(struct policy **out, struct span entity,
    const struct systems *systems, struct span only, struct err *e)
{
	struct policy *p = xcalloc(1, sizeof *p);
	enum rc rc;

	*out = NULL;
	arena_init(&p->arena);
	p->declared = systems;
	rc = entity_load(&p->entity, entity, e);
	p->systems = xcalloc(LIMIT_SYSTEMS, sizeof *p->systems);
	for (size_t i = 0; i < systems->count && !rc; i++)
		if (!only.len || span_eq(systems->items[i].name, only))
			rc = load_system(p, &systems->items[i], systems, e);
	if (rc) {
		policy_free(p);
		return rc;
	}
	*out = p;
	return RC_OK;
}

enum rc
policy_add_source(struct policy *p, struct span system,
    const struct systems *systems, struct err *e)
{
	const struct system *declared = systems_find(systems, system);
	struct system source = { .name = system,
		.kind = declared ? declared->kind : system };

	if (policy_system_find(p, system) != SIZE_MAX)
		return RC_OK;
	if (!mapping_exists(p->entity->name, system, systems))
		return err_set(e, RC_CONFIG, "no mapping %.*s.%.*s: which "
		    "fields does it show?", SPAN_ARG(p->entity->name),
		    SPAN_ARG(system));
	return load_system(p, &source, systems, e);
}

void
policy_free(struct policy *p)
{
	if (!p)
		return;
	for (size_t i = 0; i < p->system_count; i++)
		mapping_free(p->systems[i].mapping);
	free(p->systems);
	entity_free(p->entity);
	arena_free(&p->arena);
	free(p);
}

static void
add_id(struct policy *p, uint32_t id)
{
	for (size_t i = 0; i < p->id_count; i++)
		if (p->ids[i] == id)
			return;
	if (p->id_count < LIMIT_SYSTEMS)
		p->ids[p->id_count++] = id;
}

/*
 * Systems that showed records once and are not asked now: their shadows are
 * relative to what is agreed, and move with it.
 */
static enum rc
add_former(struct policy *p, struct txn *t, struct err *e)
{
	struct walk w;
	uint32_t id;
	enum rc rc;
	KEY_BUF(prefix);

	KEY(&prefix, SPAN(""), p->entity->name, SPAN(""));
	rc = walk_open(&w, t, TABLE_META, buf_view(&prefix), e);
	if (!rc)
		rc = walk_next(&w, e);
	for (; rc == RC_OK; rc = walk_next(&w, e)) {
		struct span rest = span_of(w.key.ptr + prefix.len,
		    w.key.len - prefix.len);

		if (name_find(t->state, key_take(&rest), &id))
			add_id(p, id);
	}
	walk_close(&w);
	return rc == RC_END ? RC_OK : rc;
}

enum rc
policy_bind(struct policy *p, struct txn *t, struct err *e)
{
	struct entity *en = p->entity;
	enum rc rc = RC_OK;

	p->now = clock_now();
	p->name = arena_alloc(&p->arena, (en->field_count + 1) *
	    sizeof *p->name);
	p->ids = arena_alloc(&p->arena, LIMIT_SYSTEMS * sizeof *p->ids);
	p->id_count = 0;
	for (size_t i = 0; i < en->field_count && !rc; i++)
		rc = name_intern(t, en->fields[i].name, &p->name[i], e);
	for (size_t i = 0; i < p->system_count && !rc; i++) {
		struct policy_system *s = &p->systems[i];
		bool once = false;

		rc = name_intern(t, s->name, &s->id, e);
		add_id(p, s->id);
		if (!rc)
			rc = checkpoint_read_once(t, s->name, s->object,
			    en->name, &once, &s->read_at, e);
		s->read |= once;
	}
	return rc ? rc : add_former(p, t, e);
}

size_t
policy_system_find(const struct policy *p, struct span name)
{
	for (size_t i = 0; i < p->system_count; i++)
		if (span_eq(p->systems[i].name, name))
			return i;
	return SIZE_MAX;
}

size_t
policy_system_by_id(const struct policy *p, uint32_t id)
{
	for (size_t i = 0; i < p->system_count; i++)
		if (p->systems[i].id == id)
			return i;
	return SIZE_MAX;
}

bool
policy_stamps(const struct policy *p, const struct policy_system *s,
    const struct side *side)
{
	if (!side || !side->copied || side->life != LIFE_LIVE ||
	    side->unread || !s->mapping || !s->mapping->uid.len || !s->kind ||
	    (s->kind->caps & (CAP_WRITE | CAP_WRITE_ONCE)) != CAP_WRITE)
		return false;
	for (size_t i = 0; i < p->entity->field_count; i++)
		if (s->direction[i] & DIR_PUSH)
			return true;
	return false;
}

bool
policy_sends_any(const struct policy *p, const struct policy_system *s,
    const struct record *r, const struct side *side)
{
	for (size_t i = 0; i < p->entity->field_count; i++)
		if (p->entity->fields[i].derive != DERIVE_SYNCED_AT &&
		    p->entity->fields[i].derive != DERIVE_ORIGIN &&
		    policy_sends(p, s, r, side, i))
			return true;
	return false;
}

bool
policy_derives(const struct policy *p, const struct record *r, size_t at)
{
	const struct entity *en = p->entity;

	for (size_t i = 0; en->derives && i < en->field_count; i++)
		if (en->fields[i].derive && policy_field_at(p, i, r) == at)
			return true;
	return false;
}
