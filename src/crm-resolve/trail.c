/* SPDX-License-Identifier: MIT */
#include "trail.h"

#include "../lib/audit_tell.h"
#include "../lib/match.h"
#include "become.h"
#include "field.h"

/* The version the record had before it was decided. */
static uint64_t
version_before(const struct decision *d)
{
	return d->record.version - (d->changed || d->grown);
}

static bool
has_reasons(const struct policy *p, const struct decision *d)
{
	for (size_t i = 0; i < p->entity->field_count; i++)
		if (d->why[i].rule)
			return true;
	return false;
}

/* New, shown by one system alone, nothing to weigh: its interned number. */
static bool
plain_create(const struct policy *p, const struct observation *obs, size_t n,
    const struct decision *d, uint32_t *from)
{
	size_t shown = 0;

	if (version_before(d) || d->record.life != LIFE_LIVE ||
	    d->conflict_count || d->merged || d->record.side_count != 1)
		return false;
	for (size_t i = 0; i < n; i++)
		shown += work_counts(&obs[i]);
	*from = d->record.sides[0].system;
	for (size_t i = 0; i < p->entity->field_count; i++)
		if (d->why[i].rule && d->why[i].from != *from)
			return false;
	return shown == 1;
}

static const struct reason *
reasons(const struct policy *p, const struct decision *d, struct arena *arena)
{
	struct reason *why = arena_zero(arena, (d->record.field_count +
	    1) * sizeof *why);

	for (size_t i = 0; i < p->entity->field_count; i++) {
		size_t at = policy_field_at(p, i, &d->record);

		if (at != SIZE_MAX)
			why[at] = d->why[i];
	}
	return why;
}

/* What it is joined to by which of the entity's keys. */
static void
tell_matches(struct audit *a, const struct policy *p,
    const struct observation *obs, size_t n, const struct record *r)
{
	for (size_t i = 0; i < n; i++) {
		const struct observation *o = &obs[i];
		struct buf *b;

		if (!o->matched || o->moved || o->superseded)
			continue;
		b = audit_line(a, "linked");
		json_put_text(b, "entity", r->entity);
		json_put_text(b, "uid", r->uid);
		json_put_text(b, "system", p->systems[o->system].name);
		json_put_text(b, "object", o->object);
		json_put_text(b, "id", o->id);
		BUF_LIT(b, ",\"match\":\"");
		match_put_name(b, p->entity, o->matched - 1u);
		buf_putc(b, '"');
		audit_end(a);
	}
}

enum rc
trail_decision(struct audit *a, struct txn *t, const struct policy *p,
    const struct observation *obs, size_t n, const struct decision *d,
    struct arena *arena, struct err *e)
{
	const struct record *r = &d->record;
	struct record before = { .entity = r->entity, .uid = r->uid };
	struct audit_decision told = { .before = &before, .after = r,
		.of = SPAN("") };
	struct buf became;
	uint32_t from;
	enum rc rc = RC_OK;

	tell_matches(a, p, obs, n, r);
	if (!d->changed && !has_reasons(p, d))
		return RC_OK;
	if (plain_create(p, obs, n, d, &from)) {
		audit_tell_created(a, t->state, r, from);
		return RC_OK;
	}
	if (version_before(d))
		rc = record_load(t, r->entity, r->uid, NULL, 0, arena,
		    &before, e);
	told.why = reasons(p, d, arena);
	if (d->merged)
		told.merged_into = d->merged->merged_into;
	buf_init(&became, LIMIT_LINE, "conversion");
	if (d->converted)
		become_put(&became, p, obs, n);
	told.converted_into = buf_view(&became);
	if (!rc)
		audit_tell_decision(a, t->state, &told);
	buf_free(&became);
	return rc;
}
