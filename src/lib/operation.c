/* SPDX-License-Identifier: MIT */
#include "operation.h"

#include "clock.h"
#include "conversion.h"
#include "hash.h"
#include "history.h"

static const char *const op_name[] = { "create", "update", "archive",
	"delete" };

static void
put_fields(struct buf *b, const struct policy *p,
    const struct policy_system *s, const struct record *r,
    const struct side *side)
{
	BUF_LIT(b, ",\"fields\":{");
	for (size_t i = 0; i < p->entity->field_count; i++) {
		if (!policy_sends(p, s, r, side, i))
			continue;
		json_put_key(b, p->entity->fields[i].name);
		buf_span(b, r->fields[policy_field_at(p, i, r)].value);
	}
	buf_putc(b, '}');
}

/* What the target's mapping makes of the values that were. */
static void
put_history(struct buf *b, const struct policy *p,
    const struct policy_system *s, const struct record *r,
    const struct side *side)
{
	const struct mapping *m = s->mapping;
	size_t mark = b->len, said = 0;

	BUF_LIT(b, ",\"history\":{");
	for (size_t i = 0; i < m->field_count; i++) {
		size_t field = m->fields[i].field;
		const struct entity_field *ef = &p->entity->fields[field];

		if (!m->fields[i].uses_history ||
		    !policy_sends(p, s, r, side, field))
			continue;
		said++;
		json_put_key(b, ef->name);
		history_put(b, &r->fields[policy_field_at(p, field, r)],
		    ef->history);
	}
	buf_putc(b, '}');
	if (!said)
		b->len = mark;
}

/*
 * Fields that merely go where they are missing need no reason: all of a new
 * record's, but those a rule chose between several values for.
 */
static bool
needs_reason(const struct reason *why, bool there)
{
	return why->rule && (there || strcmp(why->rule, "changed") != 0);
}

static void
put_why(struct buf *b, const struct policy *p, const struct txn *t,
    const struct policy_system *s, const struct record *r,
    const struct reason *reasons, const struct side *side)
{
	size_t mark = b->len, said = 0;

	BUF_LIT(b, ",\"why\":{");
	for (size_t i = 0; i < p->entity->field_count; i++) {
		const struct reason *why = &reasons[i];

		if (!needs_reason(why, side) || !policy_sends(p, s, r, side,
		    i))
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
    const struct record *r, const struct reason *why,
    const struct target *target)
{
	const struct policy_system *s = &p->systems[target->system];
	const struct side *side = record_side(r, s->id);
	bool there = target->op != TARGET_CREATE;

	BUF_LIT(b, "{\"type\":\"operation\"");
	json_put_text(b, "entity", r->entity);
	json_put_text(b, "uid", r->uid);
	json_put_text(b, "system", s->name);
	json_put_text(b, "object", s->object);
	if (there && side)
		json_put_text(b, "id", side->id);
	json_put_text(b, "op", span_str(op_name[target->op]));
	BUF_LIT(b, ",\"version\":");
	buf_u64(b, r->version);
	if (there && side && side->version.len)
		json_put_text(b, "base", side->version);
	if (target->op == TARGET_UPDATE && policy_stamps(p, s, side))
		json_put_text(b, "stamp", r->uid);
	if (target->op == TARGET_CREATE || target->op == TARGET_UPDATE) {
		put_fields(b, p, s, r, there ? side : NULL);
		if (s->mapping && s->mapping->uses_history)
			put_history(b, p, s, r, there ? side : NULL);
		put_why(b, p, t, s, r, why, there ? side : NULL);
	}
	buf_putc(b, '}');
}

uint64_t
operation_hash(const struct policy *p, const struct record *r,
    const struct target *target)
{
	const struct policy_system *s = &p->systems[target->system];
	const struct side *side = target->op == TARGET_CREATE ? NULL :
	    record_side(r, s->id);
	uint64_t h = hash64(r->uid, r->version * 4 + target->op);

	h = hash64(s->name, hash64(r->entity, h));
	if (side)
		h = hash64(side->id, h);
	if (target->op != TARGET_CREATE && target->op != TARGET_UPDATE)
		return h;
	for (size_t i = 0; i < p->entity->field_count; i++)
		/* a time would make each run's plan another one */
		if (!p->entity->fields[i].derive &&
		    policy_sends(p, s, r, side, i))
			h = hash64(r->fields[policy_field_at(p, i, r)].value,
			    h + i);
	return policy_stamps(p, s, side) ? hash64(r->uid, h) : h;
}

/* ---- who is to be told ---- */

static bool
sends_any(const struct policy *p, const struct policy_system *s,
    const struct record *r, const struct side *side)
{
	return policy_sends_any(p, s, r, side) || policy_stamps(p, s, side);
}

bool
operation_target(const struct policy *p, const struct policy_system *s,
    const struct record *r, enum target_op *op)
{
	const struct side *side = record_side(r, s->id);
	bool there = side && side->life == LIFE_LIVE;

	if (!s->enabled || !s->mapping || !s->kind ||
	    !(s->kind->caps & CAP_WRITE) || r->life == LIFE_MERGED)
		return false;
	if (r->life == LIFE_LIVE) {
		*op = there ? TARGET_UPDATE : TARGET_CREATE;
		return (there || s->read ||
		    (s->kind->caps & CAP_WRITE_ONCE)) &&
		    (there || !conversion_bars(r, side)) &&
		    sends_any(p, s, r, there ? side : NULL);
	}
	*op = r->life == LIFE_ARCHIVED ? TARGET_ARCHIVE : TARGET_DELETE;
	return there && !side->unread;
}

/* ---- the plan ---- */

enum rc
operation_begin(struct stream_out *out, const struct state *s, bool dry_run,
    struct err *e)
{
	struct buf *b = &out->buf;

	stream_out_section(out, SPAN("*"), SPAN("plan"));
	BUF_LIT(b, "{\"type\":\"begin\",\"system\":\"*\",\"object\":\"plan\","
	    "\"mode\":\"plan\"");
	state_put_epoch(b, s);
	buf_printf(b, ",\"run\":\"%s\"%s}", clock_run_id(),
	    dry_run ? ",\"dry_run\":true" : "");
	return stream_out_line(out, e);
}
