/* SPDX-License-Identifier: MIT */
#include "decide.h"

#include "../lib/clock.h"
#include "../lib/conversion.h"
#include "columns.h"
#include "derive.h"
#include "doubt.h"
#include "ending.h"
#include "existence.h"
#include "field.h"

/* ---- sides ---- */

/* Its comparison still holds: nobody moved this side since. */
static bool
stands(const struct work *w, const struct observation *o,
    const struct side *s)
{
	bool there = s && s->life == LIFE_LIVE;

	if (o->relinked || (observed_gone(o) && !ending_may(w, o, s)))
		return false;
	if (!o->has_base) /* compared with nothing: a create, but not of
	                     what was met and died meanwhile */
		return !there && !(s && s->life != LIFE_NONE &&
		    span_eq(s->id, o->id));
	/* what died there under a later id may come back under an earlier */
	return s && s->revision == o->base && (span_eq(s->id, o->id) ||
	    (!there && o->op == OBSERVED_CREATE));
}

/* Is `b` the copy that counts?  The newest does; but that it was merged says
 * more than that it is gone, as a merged one may be shown, too. */
static bool
outdoes(const struct observation *b, const struct observation *a)
{
	if (a->op == OBSERVED_MERGE && b->op == OBSERVED_DELETE)
		return false;
	return (a->op == OBSERVED_DELETE && b->op == OBSERVED_MERGE) ||
	    b->modified >= a->modified;
}

/* Of several copies of one record in a stream only one counts. */
static void
drop_old_copies(struct work *w)
{
	for (size_t i = 0; i < w->count; i++)
		for (size_t k = i + 1; k < w->count; k++) {
			struct observation *a = &w->obs[i], *b = &w->obs[k];

			if (a->system != b->system || a->superseded ||
			    b->superseded || !span_eq(a->id, b->id))
				continue;
			if (outdoes(b, a))
				a->superseded = true;
			else
				b->superseded = true;
		}
}

/*
 * A new record lacks what it does not show, whatever the former one had; but
 * it may refer to what is not known.
 */
static void
forget_unshown(struct work *w, struct side *s, const struct observation *now)
{
	const struct entity *en = w->policy->entity;
	struct record *r = &w->d->record;

	for (size_t i = 0; i < en->field_count; i++) {
		size_t at = policy_field_at(w->policy, i, r);

		if (at != SIZE_MAX && !now->fields[i].ptr &&
		    !(now->unlinked && en->fields[i].type == TYPE_REF))
			record_hold(r, s, at, span_of(NULL, 0),
			    span_of(NULL, 0), NULL);
	}
}

/*
 * It stood there earlier: which of the two values is the older nobody knows, so
 * that there is no base for one that differs.
 */
static void
forget_shown(struct work *w, struct side *s, const struct observation *now)
{
	struct record *r = &w->d->record;

	for (size_t i = 0; i < w->policy->entity->field_count; i++) {
		size_t at = policy_field_at(w->policy, i, r);

		if (at != SIZE_MAX && now->fields[i].ptr &&
		    !span_eq(now->fields[i], s->value[at]))
			record_hold(r, s, at, span_of(NULL, 0),
			    span_of(NULL, 0), NULL);
	}
}

/* The side's record has this id from now on; what it showed stays its base. */
static void
follow(struct work *w, struct side *s, struct observation *gone,
    struct observation *now)
{
	if (now->has_base)
		forget_shown(w, s, now);
	forget_unshown(w, s, now);
	gone->left = true;
	now->op = OBSERVED_UPDATE;
	now->has_base = true;
	now->base = s->revision;
	s->object = now->object;
	s->id = now->id;
	w->d->side_changed[now->system] = true;
}

/*
 * Is that where it went?  It was merged into it, or it carries its uid; or it
 * is what once stood there, and is back.
 */
static bool
moves_to(const struct observation *gone, const struct observation *now,
    const struct side *s)
{
	if (now->system != gone->system || now->op != OBSERVED_CREATE ||
	    now->superseded || now->relinked)
		return false;
	if (now->has_base && now->base != s->revision)
		return false;
	if (gone->op == OBSERVED_MERGE)
		return span_eq(now->id, gone->merged_into);
	return now->has_base || now->stamp == STAMP_OWN;
}

/* What it was merged into comes as ours, too, but not as what it could be. */
static bool
is_stuck(const struct work *w, const struct observation *gone)
{
	for (size_t i = 0; i < w->count && gone->op == OBSERVED_MERGE; i++)
		if (w->obs[i].system == gone->system &&
		    span_eq(w->obs[i].id, gone->merged_into))
			return !gone->left;
	return false;
}

/*
 * One that is gone, and shown as ours under another id, has moved: true, and
 * that is told what it lacks, though nothing else be new.
 */
static bool
take_moves(struct work *w)
{
	bool any = false;

	for (size_t i = 0; i < w->count; i++) {
		struct observation *gone = &w->obs[i];
		struct side *s = record_side(&w->d->record,
		    w->policy->systems[gone->system].id);

		if (!observed_gone(gone) || gone->superseded ||
		    !stands(w, gone, s))
			continue;
		for (size_t k = 0; k < w->count && !gone->left; k++)
			if (moves_to(gone, &w->obs[k], s))
				follow(w, s, gone, &w->obs[k]);
		any |= gone->left;
		gone->relinked |= is_stuck(w, gone);
	}
	return any;
}

/* A second live record there, which was ours before: a person says which is. */
static void
say_beside(struct observation *o, const struct side *s)
{
	if (!o->todo && s && s->life == LIFE_LIVE && !observed_gone(o) &&
	    !(span_eq(s->object, o->object) && span_eq(s->id, o->id)))
		o->todo = "stands beside the record that it is by now: merge "
		    "or delete one of them there";
}

/*
 * The record's own row there is back: it is that by its link, before what is by
 * the uid that it carries, or by what it is known by.
 */
static bool
yields(const struct work *w, const struct observation *o,
    const struct side *s)
{
	for (size_t i = 0; i < w->count && !o->has_base; i++) {
		const struct observation *own = &w->obs[i];

		if (own->system == o->system && own->has_base &&
		    !observed_gone(own) && !own->superseded &&
		    stands(w, own, s))
			return true;
	}
	return false;
}

/* A second live record there cannot be the same one of ours. */
static void
mark_moved(struct work *w)
{
	const struct record *r = &w->d->record;

	for (size_t i = 0; i < w->count; i++) {
		struct observation *o = &w->obs[i];
		const struct side *s = record_side(r,
		    w->policy->systems[o->system].id);

		o->since = s ? s->modified : 0;
		o->moved = !o->superseded && !o->left &&
		    (!stands(w, o, s) || yields(w, o, s));
		for (size_t k = 0; k < i && !o->moved && !o->superseded &&
		    !o->left; k++)
			o->moved = w->obs[k].system == o->system &&
			    !w->obs[k].superseded && !w->obs[k].left &&
			    !w->obs[k].moved;
		if (o->moved)
			say_beside(o, s);
	}
}

/*
 * What was another record's has been read: true, and it is told from now on
 * what it lacks, though that be nothing new.
 */
static bool
take_unread(struct work *w)
{
	bool any = false;

	for (size_t i = 0; i < w->count; i++) {
		const struct observation *o = &w->obs[i];
		struct side *s = record_side(&w->d->record,
		    w->policy->systems[o->system].id);

		if (!s || !s->unread || !work_counts(o) || o->left)
			continue;
		s->unread = false;
		w->d->side_changed[o->system] = any = true;
	}
	return any;
}

/* ---- who is to be told ---- */

static bool
sends_any(const struct work *w, const struct policy_system *s,
    const struct side *side)
{
	return policy_sends_any(w->policy, s, &w->d->record, side) ||
	    policy_stamps(w->policy, s, side);
}

/* No create into a system that was not read, or that keeps its deletion. */
static bool
may_create(const struct work *w, const struct policy_system *s,
    const struct side *side)
{
	if (!s->kind || !(s->read || s->kind->caps & CAP_WRITE_ONCE))
		return false;
	return !side || side->life == LIFE_NONE ||
	    w->policy->entity->deletes == DELETES_ARCHIVE ||
	    w->policy->entity->deletes == DELETES_DELETE;
}

/* It may be what is there: a person says. */
static bool
is_held(const struct work *w, const struct policy_system *s)
{
	return w->held && w->held[s - w->policy->systems];
}

/* It was deleted there, and a person has yet to say something of it. */
static bool
is_disputed(const struct record *r, const struct side *side)
{
	if (!side || side->life != LIFE_DELETED)
		return false;
	for (size_t i = 0; i < r->field_count; i++)
		if (r->fields[i].conflict)
			return true;
	return false;
}

static bool
target_of(const struct work *w, const struct policy_system *s,
    enum target_op *op)
{
	const struct record *r = &w->d->record;
	const struct side *side = record_side(r, s->id);
	bool there = side && side->life == LIFE_LIVE;

	if (!s->enabled || !s->mapping || r->life == LIFE_MERGED)
		return false;
	if (r->life == LIFE_LIVE && there) {
		*op = TARGET_UPDATE;
		return sends_any(w, s, side);
	}
	if (r->life == LIFE_LIVE) {
		*op = TARGET_CREATE;
		return !is_held(w, s) && !is_disputed(r, side) &&
		    !conversion_bars(r, side) &&
		    may_create(w, s, side) &&
		    sends_any(w, s, NULL);
	}
	*op = r->life == LIFE_ARCHIVED ? TARGET_ARCHIVE : TARGET_DELETE;
	return there && !side->unread;
}

static void
find_targets(struct work *w)
{
	struct decision *d = w->d;

	for (size_t i = 0; i < w->policy->system_count; i++) {
		enum target_op op;

		if (target_of(w, &w->policy->systems[i], &op))
			d->targets[d->target_count++] =
			    (struct target){ i, op };
	}
}

/* ---- */

static void
prepare(struct work *w)
{
	const struct policy *p = w->policy;
	struct decision *d = w->d;
	size_t fields = p->entity->field_count + 1;

	d->side_changed = arena_zero(w->arena, p->system_count + 1);
	d->why = arena_zero(w->arena, fields * sizeof *d->why);
	d->conflicts = arena_alloc(w->arena, fields * sizeof *d->conflicts);
	d->targets = arena_alloc(w->arena, (p->system_count + 1) *
	    sizeof *d->targets);
	/* each that is seen, each that is in conflict, and agreed */
	w->candidates = arena_alloc(w->arena, (w->count +
	    p->system_count + 1) * sizeof *w->candidates);
}

/* What a side shows has moved: comparisons made before no longer hold. */
static void
raise_revisions(struct work *w)
{
	for (size_t i = 0; i < w->policy->system_count; i++) {
		struct side *s = record_side(&w->d->record,
		    w->policy->systems[i].id);

		if (!s || !w->d->side_changed[i])
			continue;
		s->revision++;
		if (s->life == LIFE_LIVE) /* else no value was read */
			s->synced = w->now;
	}
}

/* Nothing follows from what was seen but that it is looked at again. */
static enum rc
read_again(struct work *w, struct txn *t, struct span entity, struct span uid,
    struct err *e)
{
	for (size_t i = 0; i < w->count; i++)
		w->obs[i].moved |= !w->obs[i].superseded;
	*w->d = (struct decision){ .cleared = 0 };
	prepare(w);
	return record_load(t, entity, uid, w->policy->ids,
	    w->policy->id_count, w->arena, &w->d->record, e);
}

enum rc
decide(const struct policy *p, struct txn *t, struct span entity,
    struct span uid, struct observation *obs, size_t n,
    const struct standing *st, struct arena *a, struct decision *d,
    struct err *e)
{
	struct work w = { .policy = p, .d = d, .obs = obs, .count = n,
		.state = t->state, .txn = t, .arena = a, .now = p->now,
		.held = st->held };
	size_t stored;
	enum life was;
	bool again;
	enum rc rc;

	*d = (struct decision){ .cleared = 0 };
	prepare(&w);
	rc = record_load(t, entity, uid, p->ids, p->id_count, a,
	    &d->record, e);
	if (rc)
		return rc;
	stored = d->record.field_count;
	was = d->record.life;
	drop_old_copies(&w);
	again = take_moves(&w) || st->recalled;
	mark_moved(&w);
	again |= take_unread(&w);
	columns_forget(&w);
	doubt_land(&w);
	w.only = existence_only(&w);
	if (w.only)
		record_room(&d->record, p->entity->field_count, a);
	existence_take(&w);
	for (size_t i = 0; i < p->entity->field_count && !rc; i++)
		rc = field_decide(&w, i, e);
	if (rc)
		return rc == RC_END ? read_again(&w, t, entity, uid, e) : rc;
	rc = ending_take(&w, t, e);
	if (!rc)
		rc = derive(&w, e);
	if (rc)
		return rc;
	d->grown = d->record.version && d->record.field_count > stored;
	d->dies = was == LIFE_LIVE && (d->record.life == LIFE_ARCHIVED ||
	    d->record.life == LIFE_DELETED);
	d->changed |= st->reviewed && d->record.version;
	if (again && !d->changed && d->record.version) {
		find_targets(&w);
		d->changed = d->target_count > 0;
		d->target_count = 0;
	}
	raise_revisions(&w);
	/* one version, one content: also when only fields were added */
	d->record.version += d->changed || d->grown;
	if (d->changed)
		find_targets(&w);
	return RC_OK;
}
