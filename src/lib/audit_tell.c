/* SPDX-License-Identifier: MIT */
#include "audit_tell.h"

#include "clock.h"
#include "json.h"

static const char *const life_name[] = { "none", "live", "archived",
	"deleted", "merged" };

/* ---- decisions ---- */

/* The same field in the record before, or null. */
static struct agreed_field
field_before(const struct audit_decision *d, size_t at)
{
	size_t then = record_find(d->before, d->after->fields[at].name);

	return then == SIZE_MAX ? (struct agreed_field){
		.value = record_null } : d->before->fields[then];
}

static bool
is_told(const struct audit_decision *d, size_t at)
{
	const struct agreed_field *now = &d->after->fields[at];
	struct agreed_field then = field_before(d, at);

	return d->why[at].rule || now->conflict != then.conflict ||
	    !span_eq(now->value, then.value);
}

static void
put_life(struct buf *b, const struct state *s,
    const struct audit_decision *d)
{
	const struct record *was = d->before, *is = d->after;

	if (was->life == is->life)
		return;
	buf_printf(b, ",\"life\":{\"was\":\"%s\",\"is\":\"%s\"",
	    life_name[was->life], life_name[is->life]);
	if (is->life_origin || is->life_time)
		json_put_member(b, "from", name_of(s, is->life_origin));
	if (was->version)
		json_put_member(b, "was_from", name_of(s, was->life_origin));
	buf_putc(b, '}');
}

/* Where it stands in each system, and how old what that shows is. */
static void
put_sides(struct buf *b, const struct state *s, const struct record *r)
{
	BUF_LIT(b, ",\"systems\":{");
	for (size_t i = 0; i < r->side_count; i++) {
		const struct side *side = &r->sides[i];

		json_put_key(b, name_of(s, side->system));
		BUF_LIT(b, "{");
		json_put_text(b, "id", side->id);
		if (side->life != LIFE_LIVE)
			json_put_text(b, "life",
			    span_str(life_name[side->life]));
		clock_put_member(b, "modified", side->modified);
		buf_putc(b, '}');
	}
	buf_putc(b, '}');
}

static void
put_reasons(struct buf *b, const struct state *s,
    const struct audit_decision *d)
{
	const struct record *r = d->after;

	BUF_LIT(b, ",\"fields\":{");
	for (size_t i = 0; i < r->field_count; i++) {
		struct agreed_field was = field_before(d, i);

		if (!is_told(d, i))
			continue;
		json_put_key(b, name_of(s, r->fields[i].name));
		buf_putc(b, '{');
		json_put_text(b, "rule", span_str(r->fields[i].conflict ?
		    "manual" : d->why[i].rule ? d->why[i].rule : "follows"));
		if (d->why[i].rule && !r->fields[i].conflict)
			json_put_member(b, "from", name_of(s,
			    d->why[i].from));
		if (was.time || was.origin)
			json_put_member(b, "was_from", name_of(s,
			    was.origin));
		if (r->fields[i].exact && d->why[i].rule && !d->by)
			clock_put_member(b, "at", r->fields[i].time);
		clock_put_member(b, "was_at", was.time);
		buf_putc(b, '}');
	}
	buf_putc(b, '}');
}

static void
put_shown(struct buf *b, const struct state *s, const struct record *r,
    size_t at)
{
	BUF_LIT(b, ",\"shown\":{");
	for (size_t i = 0; i < r->side_count; i++) {
		const struct side *side = &r->sides[i];

		if (side->life != LIFE_LIVE || !side->value[at].ptr)
			continue;
		json_put_key(b, name_of(s, side->system));
		buf_span(b, side->value[at]);
	}
	buf_putc(b, '}');
}

static void
put_values(struct buf *b, const struct state *s,
    const struct audit_decision *d)
{
	const struct record *r = d->after;

	buf_putc(b, '{');
	for (size_t i = 0; i < r->field_count; i++) {
		if (!is_told(d, i))
			continue;
		json_put_key(b, name_of(s, r->fields[i].name));
		BUF_LIT(b, "{\"was\":");
		buf_span(b, field_before(d, i).value);
		BUF_LIT(b, ",\"is\":");
		buf_span(b, r->fields[i].value);
		put_shown(b, s, r, i);
		buf_putc(b, '}');
	}
	buf_putc(b, '}');
}

void
audit_tell_decision(struct audit *a, const struct state *s,
    const struct audit_decision *d)
{
	const struct record *r = d->after;
	struct buf *b = audit_line(a, "decision");
	bool told = false;

	json_put_text(b, "entity", r->entity);
	json_put_text(b, "uid", r->uid);
	buf_printf(b, ",\"version\":%llu", (unsigned long long)r->version);
	if (d->by)
		json_put_text(b, "by", span_str(d->by));
	json_put_member(b, "of", d->of);
	json_put_member(b, "merged_into", d->merged_into);
	if (d->converted_into.len) {
		BUF_LIT(b, ",\"converted_into\":");
		buf_span(b, d->converted_into);
	}
	put_life(b, s, d);
	put_sides(b, s, r);
	for (size_t i = 0; i < r->field_count && !told; i++)
		told = is_told(d, i);
	if (told) {
		put_reasons(b, s, d);
		put_values(audit_values(a), s, d);
	}
	audit_end(a);
}

/* ---- many alike ---- */

#define STACK_BUF(name, size)                                               \
	char name##_room[size];                                             \
	struct buf name = { .ptr = name##_room, .room = sizeof name##_room, \
		.cap = sizeof name##_room, .what = "audit" }

void
audit_tell_created(struct audit *a, const struct state *s,
    const struct record *r, uint32_t from)
{
	struct buf *text = audit_scratch(a);
	STACK_BUF(members, 8 * LIMIT_NAME);
	STACK_BUF(value, 8 * AUDIT_SHORT);

	json_put_text(&members, "entity", r->entity);
	json_put_text(&members, "from", name_of(s, from));
	buf_putc(text, '{');
	for (size_t i = 0; i < r->field_count; i++) {
		if (span_eq(r->fields[i].value, record_null))
			continue;
		json_put_key(text, name_of(s, r->fields[i].name));
		buf_span(text, r->fields[i].value);
	}
	buf_putc(text, '}');
	audit_put_digest(a, &value, buf_view(text));
	audit_group(a, "created", buf_view(&members), r->uid,
	    buf_view(&value));
}

/* ---- deliveries ---- */

static void
put_members(struct buf *b, const struct audit_delivery *d)
{
	json_put_text(b, "entity", d->policy->entity->name);
	json_put_text(b, "system", d->system->name);
	json_put_text(b, "object", d->system->object);
	json_put_text(b, "op", span_str(d->op));
	BUF_LIT(b, ",\"version\":");
	buf_u64(b, d->version);
	json_put_text(b, "status", span_str(d->status));
	json_put_member(b, "plan", d->plan);
}

/* By field what was sent, and what it was sent against. */
static void
put_sent(struct buf *b, const struct audit_delivery *d)
{
	const struct policy *p = d->policy;

	buf_putc(b, '{');
	for (size_t i = 0; i < p->entity->field_count; i++) {
		size_t at = policy_field_at(p, i, d->record);

		if (!d->sent[i])
			continue;
		json_put_key(b, p->entity->fields[i].name);
		BUF_LIT(b, "{\"sent\":");
		buf_span(b, d->record->fields[at].value);
		if (d->side) {
			BUF_LIT(b, ",\"against\":");
			buf_span(b, side_value(d->side, at));
		}
		buf_putc(b, '}');
	}
	buf_putc(b, '}');
}

static void
tell_one(struct audit *a, const struct audit_delivery *d)
{
	struct buf *b = audit_line(a, "delivery");

	json_put_text(b, "uid", d->record->uid);
	put_members(b, d);
	json_put_member(b, "id", d->id);
	if (d->stamp)
		json_put_text(b, "stamp", d->record->uid);
	if (d->why)
		json_put_text(b, "error", span_str(d->why));
	if (d->sent)
		put_sent(audit_values(a), d);
	audit_end(a);
}

void
audit_tell_delivery(struct audit *a, const struct audit_delivery *d)
{
	struct buf *id;
	STACK_BUF(members, 16 * LIMIT_NAME);

	if (strcmp(d->op, "create") != 0 || strcmp(d->status, "done") != 0) {
		tell_one(a, d);
		return;
	}
	id = audit_scratch(a);
	put_members(&members, d);
	json_put_string(id, d->id);
	audit_group(a, "delivered", buf_view(&members), d->record->uid,
	    buf_view(id));
}

void
audit_tell_pending(struct audit *a, const char *what, struct span system,
    struct span entity, struct span uid, uint64_t version)
{
	struct buf *b = audit_line(a, what);

	json_put_text(b, "entity", entity);
	json_put_text(b, "uid", uid);
	json_put_text(b, "system", system);
	buf_printf(b, ",\"version\":%llu", (unsigned long long)version);
	audit_end(a);
}
