/* SPDX-License-Identifier: MIT */
#include "drift.h"

#include "echo.h"
#include "flip.h"

static bool
is_kept(const struct policy_system *ps, size_t field)
{
	size_t mf = ps->mapping ? mapping_field_find(ps->mapping, field) :
	    SIZE_MAX;

	return mf != SIZE_MAX && ps->mapping->fields[mf].keep_drift;
}

enum drift
drift_take(struct work *w, const struct observation *o, size_t field,
    size_t at)
{
	const struct policy_system *ps = &w->policy->systems[o->system];
	struct record *r = &w->d->record;
	struct agreed_field *a = &r->fields[at];
	struct side *s = record_side(r, ps->id);
	struct span new = o->fields[field], old = s->value[at];

	if (!new.ptr || (old.ptr && span_eq(new, old)))
		return DRIFT_NONE;
	/* what we never set is nothing of ours */
	if (!old.ptr && span_eq(a->value, record_null))
		return DRIFT_NONE;
	w->d->side_changed[o->system] = true;
	if (old.ptr && (is_kept(ps, field) || echo_is(w, o, field, at))) {
		record_hold(r, s, at, new, side_stands_for(s, at), w->arena);
		return DRIFT_NONE;
	}
	record_hold(r, s, at, new, span_of(NULL, 0), w->arena);
	if (!old.ptr || span_eq(new, a->value))
		return DRIFT_TOLD;
	w->d->why[field] = (struct reason){ "drift", a->origin };
	w->d->changed = true;
	return flip_drifts(a, new, work_time(w, o) - o->since) ?
	    DRIFT_STOPPED : DRIFT_TOLD;
}
