/* SPDX-License-Identifier: MIT */
#include "dispute.h"

#include "../lib/clock.h"
#include "../lib/entity.h"
#include "../lib/waiting.h"

void
dispute_put_field(struct buf *b, const struct policy *p,
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

enum rc
dispute_keep(const struct policy *p, struct txn *t, const struct decision *d,
    struct err *e)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; i < d->conflict_count && !rc; i++) {
		const struct conflict *c = &d->conflicts[i];
		const struct entity_field *f = &p->entity->fields[c->field];
		const struct waiting w = { d->record.entity, d->record.uid,
			f->name, 0, span_str(entity_rules[f->rule]),
			span_str(c->why) };

		rc = waiting_because(t, &w, e);
	}
	return rc;
}
