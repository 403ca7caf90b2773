/* SPDX-License-Identifier: MIT */
#include "existence.h"

/* What another record showed there, under its id, is no base for this one. */
static void
forget_other(struct record *r, struct side *s, const struct observation *o)
{
	if (s->life == LIFE_LIVE || s->life == LIFE_NONE ||
	    (span_eq(s->object, o->object) && span_eq(s->id, o->id)))
		return;
	for (size_t i = 0; i < r->field_count; i++)
		record_hold(r, s, i, span_of(NULL, 0), span_of(NULL, 0), NULL);
}

/* It is back, and told in full: what it does not show it lacks now. */
static void
forget_lacking(struct work *w, struct side *s, const struct observation *o)
{
	const struct policy *p = w->policy;
	struct record *r = &w->d->record;

	if ((s->life != LIFE_DELETED && s->life != LIFE_ARCHIVED) ||
	    o->op != OBSERVED_CREATE || !o->has_base || o->unlinked)
		return;
	for (size_t i = 0; i < p->entity->field_count; i++) {
		size_t at = policy_field_at(p, i, r);

		if (at != SIZE_MAX && !o->fields[i].ptr && s->value[at].ptr &&
		    (p->systems[o->system].direction[i] & DIR_PULL))
			record_hold(r, s, at, span_of(NULL, 0),
			    span_of(NULL, 0), NULL);
	}
}

/* Whose uid it carries there, if it says. */
static void
take_stamp(struct work *w, struct side *s, const struct observation *o)
{
	bool copied = o->stamp == STAMP_COPIED;

	if (o->stamp == STAMP_UNSAID || s->copied == copied)
		return;
	s->copied = copied;
	w->d->side_changed[o->system] = true;
	w->d->changed = true;
}

/* It was gone there, and somebody brought it back. */
static bool
comes_back(const struct side *s, const struct observation *o)
{
	return o->op == OBSERVED_CREATE && o->has_base &&
	    (s->life == LIFE_DELETED || s->life == LIFE_ARCHIVED);
}

/*
 * When it was brought back, at the latest.  A row that was put back as it was
 * tells a time before it went: then by when it had been read, as that may have
 * been done while the others were.
 */
static int64_t
back_since(const struct work *w, const struct side *s,
    const struct observation *o)
{
	bool told = o->modified > s->modified &&
	    o->modified > w->d->record.life_time;

	return told ? work_time(w, o) : o->ended && o->ended < w->now ?
	    o->ended : w->now;
}

/* It lives from then on. */
static void
note_birth(struct work *w, const struct observation *o, int64_t time)
{
	struct record *r = &w->d->record;

	r->life = LIFE_LIVE;
	r->life_time = time;
	r->life_origin = w->policy->systems[o->system].id;
	w->d->changed = true;
}

/* A record that is shown lives, at least there. */
static void
take_life(struct work *w, const struct observation *o)
{
	struct record *r = &w->d->record;
	struct side *s = record_add_side(r, w->policy->systems[o->system].id,
	    w->arena);

	/* a time to come would make every later edit an old copy */
	int64_t modified = o->modified < w->now ? o->modified : w->now;
	/* what it refers to cannot be followed: it may be new */
	bool edited = o->unlinked && s->life == LIFE_LIVE &&
	    !span_eq(s->version, o->version);
	bool back = comes_back(s, o);
	int64_t time = back ? back_since(w, s, o) : work_time(w, o);

	w->edited |= edited;
	if (s->life != LIFE_LIVE || modified > s->modified)
		w->d->side_changed[o->system] = true;
	if (!span_eq(s->version, o->version))
		w->d->side_changed[o->system] = true;
	forget_other(r, s, o);
	forget_lacking(w, s, o);
	take_stamp(w, s, o);
	/* a record of ours that stands there from now on gets what it lacks */
	w->d->changed |= r->version && s->life != LIFE_LIVE;
	s->version = o->version;
	s->life = LIFE_LIVE;
	s->object = o->object;
	s->id = o->id;
	if (modified > s->modified)
		s->modified = modified;
	if ((r->life == LIFE_LIVE && !back) || r->life == LIFE_MERGED ||
	    (o->op == OBSERVED_TOUCH && !edited) ||
	    (o->op == OBSERVED_CONVERT && r->version))
		return;
	note_birth(w, o, time);
}

const struct observation *
existence_only(const struct work *w)
{
	const struct observation *only = NULL;

	if (w->d->record.version || w->d->record.side_count)
		return NULL;
	for (size_t i = 0; i < w->count; i++) {
		if (!work_counts(&w->obs[i]))
			continue;
		if (only || w->obs[i].op != OBSERVED_CREATE)
			return NULL;
		only = &w->obs[i];
	}
	return only;
}

void
existence_take(struct work *w)
{
	for (size_t i = 0; i < w->count; i++)
		if (work_counts(&w->obs[i]) && !observed_gone(&w->obs[i]))
			take_life(w, &w->obs[i]);
}
