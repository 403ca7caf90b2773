/* SPDX-License-Identifier: MIT */
#include "ending.h"

#include "../lib/ref.h"
#include "doubt.h"
#include "missed.h"

bool
ending_may(const struct work *w, const struct observation *o,
    const struct side *s)
{
	if (!s || (o->absent && o->began < s->synced && s->synced <= w->now))
		return false;
	return s->life == LIFE_LIVE || (o->op == OBSERVED_MERGE &&
	    (s->life == LIFE_DELETED || s->life == LIFE_ARCHIVED) &&
	    w->d->record.life == LIFE_LIVE);
}

/* ---- deleted there ---- */

static bool
has_edits(const struct work *w)
{
	for (size_t i = 0; i < w->count; i++)
		if (work_counts(&w->obs[i]) &&
		    w->obs[i].op == OBSERVED_CREATE)
			return true;
	return w->edited;
}

/* Does that field get sent there, if it differs? */
static bool
is_told(const struct work *w, const struct policy_system *ps, size_t at)
{
	const struct agreed_field *a = &w->d->record.fields[at];

	for (size_t i = 0; i < w->policy->entity->field_count; i++)
		if (w->policy->name[i] == a->name)
			return ps->direction[i] & DIR_PUSH;
	return false;
}

/* An edit elsewhere waits for a person: nobody told that side of it. */
static bool
is_asked(const struct record *r, const struct side *s, size_t at)
{
	for (size_t i = 0; i < r->side_count && r->fields[at].conflict; i++)
		if (&r->sides[i] != s && r->sides[i].life == LIFE_LIVE &&
		    r->sides[i].value[at].ptr && !span_eq(side_stands_for(
		    &r->sides[i], at), side_stands_for(s, at)))
			return true;
	return false;
}

/*
 * Something agreed, or in conflict, had not reached the side that deleted: edit
 * beats delete.  A reference to what is gone never would have.
 */
static enum rc
was_behind(const struct work *w, struct txn *t,
    const struct policy_system *ps, const struct side *s, bool *behind,
    struct err *e)
{
	const struct record *r = &w->d->record;
	enum rc rc = RC_OK;

	*behind = false;
	for (size_t i = 0; i < r->field_count && !*behind && !rc; i++) {
		bool told = is_told(w, ps, i), lost = false;
		bool asked = is_asked(r, s, i);

		if (policy_derives(w->policy, r, i) ||
		    (!asked && span_eq(side_stands_for(s, i),
		    r->fields[i].value)) || !(s->value[i].ptr || (told &&
		    (asked || !r->fields[i].conflict))))
			continue;
		rc = asked ? RC_OK : ref_is_lost(t, ps->name,
		    r->fields[i].value, w->arena, &lost, e);
		*behind = !lost;
	}
	return rc;
}

/*
 * It was brought back elsewhere, and that side was neither told nor read since:
 * what is gone there may have gone before.
 */
static enum rc
came_back(const struct work *w, const struct observation *o,
    const struct side *s, bool *back, struct err *e)
{
	const struct record *r = &w->d->record;

	*back = false;
	if (r->life_origin == s->system || !s->synced ||
	    s->synced >= r->life_time)
		return RC_OK;
	if (w->policy->systems[o->system].read_at > r->life_time)
		return missed_all(w, o, back, e);
	*back = true;
	return RC_OK;
}

static enum rc
take_delete(struct work *w, struct txn *t, const struct observation *o,
    struct err *e)
{
	struct record *r = &w->d->record;
	struct side *s = record_side(r, w->policy->systems[o->system].id);
	enum delete_policy policy = w->policy->entity->deletes;
	bool edited, back;
	enum rc rc = was_behind(w, t, &w->policy->systems[o->system], s,
	    &edited, e);

	if (!rc)
		rc = came_back(w, o, s, &back, e);
	if (rc)
		return rc;
	edited |= has_edits(w) || doubt_any(w) || back;
	/* as it was to be: our own request may have done it, unanswered */
	s->life = r->life == LIFE_ARCHIVED && !o->absent ? LIFE_ARCHIVED :
	    LIFE_DELETED;
	if (o->version.len)
		s->version = o->version;
	w->d->side_changed[o->system] = true;
	if (r->life != LIFE_LIVE || policy == DELETES_KEEP ||
	    policy == DELETES_REVIEW)
		return RC_OK;
	w->d->changed = true;
	if (edited)
		return RC_OK;
	r->life = policy == DELETES_ARCHIVE ? LIFE_ARCHIVED : LIFE_DELETED;
	r->life_time = work_time(w, o);
	r->life_origin = s->system;
	return RC_OK;
}

/* ---- it became another, or others ---- */

/*
 * Its origin went into another record.  What other systems hold of it is their
 * second record of one customer: a person looks, nobody deletes or updates.
 */
static void
take_merge(struct work *w, const struct observation *o)
{
	struct record *r = &w->d->record;
	struct side *s = record_side(r, w->policy->systems[o->system].id);

	s->life = LIFE_DELETED;
	w->d->side_changed[o->system] = true;
	if (r->life == LIFE_MERGED)
		return;
	r->life = LIFE_MERGED;
	r->life_time = work_time(w, o);
	r->life_origin = s->system;
	w->d->changed = true;
	w->d->merged = o;
}

/* Something agreed has not reached that side, and will not any more. */
static bool
is_owed(const struct work *w, const struct policy_system *ps,
    const struct side *s)
{
	const struct record *r = &w->d->record;

	for (size_t i = 0; i < r->field_count; i++)
		if (r->fields[i].conflict)
			return true;
	for (size_t i = 0; i < w->policy->entity->field_count; i++)
		if (!w->policy->entity->fields[i].derive &&
		    policy_sends(w->policy, ps, r, s, i))
			return true;
	return doubt_any(w);
}

/*
 * It became records of other entities there, and can be written no more.  True
 * when an edit never reached it.
 */
static bool
close_converted(struct work *w, const struct observation *o)
{
	const struct policy_system *ps = &w->policy->systems[o->system];
	struct side *s = record_side(&w->d->record, ps->id);
	bool owed = o->has_base && is_owed(w, ps, s);

	s->life = LIFE_MERGED;
	w->d->side_changed[o->system] = true;
	w->d->changed = true;
	w->d->converted = o;
	return owed;
}

/*
 * What other systems hold of it is not lost: what the entity's `converts` says
 * is done with it, but where an edit was owed, a person looks.
 */
static void
take_conversion(struct work *w, bool owed)
{
	enum convert_policy policy = w->policy->entity->converts;
	const struct observation *o = w->d->converted;
	struct record *r = &w->d->record;
	const struct side *living = record_living(r);

	if (living && (owed || policy == CONVERTS_REVIEW))
		w->d->left = living;
	if (r->life != LIFE_LIVE || (living && policy == CONVERTS_TELL))
		return;
	r->life = living && !owed && policy == CONVERTS_ARCHIVE ?
	    LIFE_ARCHIVED : LIFE_MERGED;
	r->life_time = work_time(w, o);
	r->life_origin = w->policy->systems[o->system].id;
}

/* What became another, and lives nowhere any more, is asked nothing. */
static void
take_questions(struct work *w)
{
	struct record *r = &w->d->record;

	if (r->life != LIFE_MERGED || record_living(r))
		return;
	for (size_t i = 0; i < r->field_count; i++) {
		w->d->changed |= r->fields[i].conflict;
		r->fields[i].conflict = false;
	}
}

enum rc
ending_take(struct work *w, struct txn *t, struct err *e)
{
	bool owed = false;
	enum rc rc = RC_OK;

	for (size_t i = 0; i < w->count && !rc; i++) {
		if (!work_counts(&w->obs[i]) || w->obs[i].left)
			continue;
		if (w->obs[i].op == OBSERVED_DELETE)
			rc = take_delete(w, t, &w->obs[i], e);
		else if (w->obs[i].op == OBSERVED_MERGE)
			take_merge(w, &w->obs[i]);
		else if (w->obs[i].op == OBSERVED_CONVERT)
			owed |= close_converted(w, &w->obs[i]);
	}
	if (!rc && w->d->converted)
		take_conversion(w, owed);
	take_questions(w);
	return rc;
}
