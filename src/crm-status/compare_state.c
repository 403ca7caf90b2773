/* SPDX-License-Identifier: MIT */
/* compare_state: what each of the two last showed. */
#include "compare.h"

#include "records.h"

struct sides {
	struct comparison *c;
	uint32_t id[2];
	uint32_t *name;  /* interned, by entity field; or NO_NAME */
};
#define NO_NAME UINT32_MAX

/* The values that stand there, as the entity has its fields. */
static struct shown
show(const struct sides *s, const struct record *r, uint32_t system,
    struct arena *a)
{
	const struct entity *en = s->c->policy->entity;
	const struct side *side = record_side(r, system);
	struct shown shown = { .there = side && side->life == LIFE_LIVE };
	struct span *value;

	if (!shown.there)
		return shown;
	value = arena_zero(a, (en->field_count + 1) * sizeof *value);
	for (size_t i = 0; i < en->field_count; i++) {
		/* records are usually in the entity's order */
		size_t at = i < r->field_count && r->fields[i].name ==
		    s->name[i] ? i : record_find(r, s->name[i]);

		if (at != SIZE_MAX)
			value[i] = side_stands_for(side, at);
	}
	shown.id = side->id;
	shown.value = value;
	return shown;
}

static enum rc
take_record(void *arg, const struct record *r, struct arena *a,
    struct err *e)
{
	struct sides *s = arg;
	struct shown shown[2];

	for (size_t i = 0; i < 2; i++)
		shown[i] = show(s, r, s->id[i], a);
	return compare_record(s->c, r->uid, shown, e);
}

static enum rc
take_entity(struct comparison *c, struct span entity, struct err *e)
{
	struct sides s = { .c = c };
	struct arena a;
	bool known = true;
	enum rc rc = compare_begin(c, entity, e), ended;

	arena_init(&a);
	for (size_t i = 0; i < 2; i++)
		known &= name_find(c->state, c->name[i], &s.id[i]);
	if (!rc && known) {
		const struct entity *en = c->policy->entity;

		s.name = arena_alloc(&a, (en->field_count + 1) *
		    sizeof *s.name);
		for (size_t i = 0; i < en->field_count; i++)
			if (!name_find(c->state, en->fields[i].name,
			    &s.name[i]))
				s.name[i] = NO_NAME;
		rc = records_each(&c->txn, entity, s.id, 2, take_record, &s,
		    e);
	}
	arena_free(&a);
	if (rc && rc != RC_END)
		return rc;
	if (!known)
		c->mapping[0] = NULL; /* never read is not without records */
	ended = compare_end(c, e);
	return ended;
}

/* The entities that have records of the state, each once. */
static enum rc
take_all(struct comparison *c, struct err *e)
{
	struct walk w;
	enum rc rc = RC_OK;
	KEY_BUF(from);

	while (!rc) {
		struct span rest;
		char entity[LIMIT_NAME + 1];
		size_t len;

		rc = walk_open(&w, &c->txn, TABLE_AGREED, SPAN(""), e);
		if (!rc)
			rc = from.len ? walk_from(&w, buf_view(&from), e) :
			    walk_next(&w, e);
		rest = rc ? SPAN("") : w.key;
		rest = key_take(&rest);
		len = rest.len < sizeof entity ? rest.len : 0;
		memcpy(entity, rest.ptr, len);
		walk_close(&w);
		if (rc)
			break;
		rc = take_entity(c, span_of(entity, len), e);
		/* past all keys that begin with it and a NUL */
		buf_reset(&from);
		buf_put(&from, entity, len);
		buf_putc(&from, '\1');
	}
	return rc == RC_END ? RC_OK : rc;
}

enum rc
compare_state(struct comparison *c, struct err *e)
{
	enum rc rc = RC_OK;

	if (!*c->entities)
		return take_all(c, e);
	for (char **name = c->entities; *name && !rc; name++)
		rc = take_entity(c, span_str(*name), e);
	return rc;
}
