/* SPDX-License-Identifier: MIT */
#include "operation.h"

#include "../lib/clock.h"
#include "../lib/hash.h"

static const char *const op_name[] = { "create", "update", "archive",
	"delete" };

static void
put_fields(struct buf *b, const struct policy *p,
    const struct policy_system *s, const struct decision *d,
    const struct side *side)
{
	const struct record *r = &d->record;

	BUF_LIT(b, ",\"fields\":{");
	for (size_t i = 0; i < p->entity->field_count; i++) {
		if (!policy_sends(p, s, r, side, i))
			continue;
		json_put_key(b, p->entity->fields[i].name);
		buf_span(b, r->fields[policy_field_at(p, i, r)].value);
	}
	buf_putc(b, '}');
}

/* Fields that merely go where they are missing need no reason. */
static void
put_why(struct buf *b, const struct policy *p, const struct txn *t,
    const struct policy_system *s, const struct decision *d,
    const struct side *side)
{
	size_t mark = b->len, said = 0;

	BUF_LIT(b, ",\"why\":{");
	for (size_t i = 0; i < p->entity->field_count; i++) {
		const struct reason *why = &d->why[i];

		if (!why->rule || !policy_sends(p, s, &d->record, side, i))
			continue;
		said++;
		json_put_key(b, p->entity->fields[i].name);
		buf_printf(b, "{\"rule\":\"%s\"", why->rule);
		json_put_text(b, "from", name_of(t->state, why->from));
		buf_putc(b, '}');
	}
	buf_putc(b, '}');
	if (!said)
		b->len = mark;
}

void
operation_put(struct buf *b, const struct policy *p, const struct txn *t,
    const struct decision *d, const struct target *target)
{
	const struct policy_system *s = &p->systems[target->system];
	const struct record *r = &d->record;
	const struct side *side = record_side(r, s->id);
	bool there = target->op != TARGET_CREATE;

	BUF_LIT(b, "{\"type\":\"operation\"");
	json_put_text(b, "entity", r->entity);
	json_put_text(b, "uid", r->uid);
	json_put_text(b, "system", s->name);
	json_put_text(b, "object", s->object);
	if (there && side)
		json_put_text(b, "id", side->id);
	buf_printf(b, ",\"op\":\"%s\",\"version\":%llu", op_name[target->op],
	    (unsigned long long)r->version);
	if (there && side && side->version.len)
		json_put_text(b, "base", side->version);
	if (target->op == TARGET_CREATE || target->op == TARGET_UPDATE) {
		put_fields(b, p, s, d, there ? side : NULL);
		if (there)
			put_why(b, p, t, s, d, side);
	}
	buf_putc(b, '}');
}

uint64_t
operation_hash(const struct policy *p, const struct decision *d,
    const struct target *target)
{
	const struct policy_system *s = &p->systems[target->system];
	const struct record *r = &d->record;
	const struct side *side = target->op == TARGET_CREATE ? NULL :
	    record_side(r, s->id);
	uint64_t h = hash64(r->uid, r->version * 4 + target->op);

	h = hash64(s->name, hash64(r->entity, h));
	if (side)
		h = hash64(side->id, h);
	if (target->op != TARGET_CREATE && target->op != TARGET_UPDATE)
		return h;
	for (size_t i = 0; i < p->entity->field_count; i++)
		if (policy_sends(p, s, r, side, i))
			h = hash64(r->fields[policy_field_at(p, i, r)].value,
			    h + i);
	return h;
}

void
operation_put_conflict(struct buf *b, const struct policy *p,
    const struct decision *d, const struct conflict *c)
{
	const struct record *r = &d->record;
	size_t at = policy_field_at(p, c->field, r);

	BUF_LIT(b, "{\"type\":\"conflict\"");
	json_put_text(b, "entity", r->entity);
	json_put_text(b, "uid", r->uid);
	json_put_text(b, "field", p->entity->fields[c->field].name);
	BUF_LIT(b, ",\"values\":{");
	for (size_t i = 0; i < p->system_count; i++) {
		const struct side *s = record_side(r, p->systems[i].id);

		if (!s || s->life != LIFE_LIVE || !s->value[at].ptr)
			continue;
		json_put_key(b, p->systems[i].name);
		BUF_LIT(b, "{\"value\":");
		buf_span(b, s->value[at]);
		if (s->modified) {
			BUF_LIT(b, ",\"modified\":\"");
			clock_put(b, s->modified);
			buf_putc(b, '"');
		}
		buf_putc(b, '}');
	}
	buf_putc(b, '}');
	if (c->why)
		json_put_text(b, "why", span_str(c->why));
	buf_putc(b, '}');
}

void
operation_put_merge(struct buf *b, const struct policy *p,
    const struct decision *d)
{
	const struct record *r = &d->record;
	const struct observation *o = d->merged;
	size_t n = 0;

	BUF_LIT(b, "{\"type\":\"conflict\"");
	json_put_text(b, "entity", r->entity);
	json_put_text(b, "uid", r->uid);
	json_put_text(b, "system", p->systems[o->system].name);
	json_put_text(b, "merged_into", o->merged_into);
	BUF_LIT(b, ",\"values\":{");
	for (size_t i = 0; i < p->system_count; i++) {
		const struct side *s = record_side(r, p->systems[i].id);

		if (!s || s->life != LIFE_LIVE)
			continue;
		buf_printf(b, "%s", n++ ? "," : "");
		json_put_string(b, p->systems[i].name);
		BUF_LIT(b, ":{\"id\":");
		json_put_string(b, s->id);
		buf_putc(b, '}');
	}
	BUF_LIT(b, "}}");
}
