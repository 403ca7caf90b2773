/* SPDX-License-Identifier: MIT */
#include "doubt.h"

#include "../lib/clock.h"
#include "../lib/flight.h"
#include "../lib/outbox.h"
#include "echo.h"
#include "resolve.h"

/*
 * A loader is writing that side just now, or was when this was begun to be
 * read: that may be from before or after, and a person may have edited on top.
 * It is put off; while all is judged, where nothing follows, it is not.
 */
enum rc
doubt_look(struct group *g, struct txn *t, struct observation *o,
    struct err *e)
{
	const struct policy_system *s = &g->policy->systems[o->system];
	struct outbox out;
	enum rc rc = outbox_get(t, s->name, g->entity, g->uid, &out, e);

	if (rc || !out.lease)
		return rc;
	if (out.lease > clock_now() || o->began <= out.lease) {
		o->relinked = true;
		return RC_OK;
	}
	o->flight = arena_dup(&g->arena, out.flight);
	o->made = out.made;
	return RC_OK;
}

/* ---- one side ---- */

struct landing {
	struct work *w;
	struct observation *o;
	const struct policy_system *ps;
	struct side *side;
};

static bool
has_flown(const struct landing *l, size_t field, struct span value)
{
	return flight_holds(l->o->flight, l->w->policy->name[field], value,
	    l->w->state->seed);
}

static void
mark(struct work *w, bool **fields, size_t field)
{
	if (!*fields)
		*fields = arena_zero(w->arena,
		    w->policy->entity->field_count);
	(*fields)[field] = true;
}

static void
hold(const struct landing *l, size_t at, struct span value)
{
	record_hold(&l->w->d->record, l->side, at, value, span_of(NULL, 0),
	    l->w->arena);
}

/* Nothing has moved: nothing arrived, or this is an old copy. */
static bool
is_unmoved(const struct landing *l)
{
	const struct observation *o = l->o;
	const struct side *s = l->side;

	if (observed_gone(o) || s->life != LIFE_LIVE)
		return false;
	return o->version.len ? span_eq(o->version, s->version) :
	    !s->version.len && o->modified && o->modified == s->modified;
}

/* It was there: what it is now, or that it is gone, is an edit. */
static void
land_replaced(const struct landing *l, size_t field, size_t at)
{
	struct span agreed = l->w->d->record.fields[at].value;
	struct span new = l->o->fields[field];

	if (has_flown(l, field, agreed))
		hold(l, at, agreed);
	else if (new.ptr && span_eq(new, record_null))
		mark(l->w, &l->w->doubt, field);
	else if (new.ptr) /* what it was is not known, but not agreed's */
		hold(l, at, record_null);
}

/* Is it what the system made of what it was sent? */
static bool
land_echo(const struct landing *l, size_t field, size_t at)
{
	struct span agreed = l->w->d->record.fields[at].value;
	struct span value = l->side->value[at];
	struct span sent = l->side->sent ? l->side->sent[at] :
	    span_of(NULL, 0);

	if (!has_flown(l, field, agreed))
		return false;
	hold(l, at, agreed);
	if (echo_is(l->w, l->o, field, at))
		return true;
	record_hold(&l->w->d->record, l->side, at, value, sent, l->w->arena);
	return false;
}

static void
land_field(const struct landing *l, size_t field)
{
	struct work *w = l->w;
	struct record *r = &w->d->record;
	size_t at = record_add(r, w->policy->name[field], w->arena);
	struct span new = l->o->fields[field];
	bool gone = observed_gone(l->o);

	if (new.ptr && has_flown(l, field, new))
		hold(l, at, new);
	else if (l->o->made)
		land_replaced(l, field, at);
	else if (l->ps->direction[field] == DIR_PUSH)
		return;         /* it is written over, whatever it is */
	else if (gone || (new.ptr && span_eq(new, side_value(l->side, at)) &&
	    policy_sends(w->policy, l->ps, r, l->side, field)))
		mark(w, &w->doubt, field);
	else if (new.ptr && !land_echo(l, field, at))
		mark(w, &w->unsure, field);
}

/* Another record's values there are no base for this one. */
static void
take_place(const struct landing *l)
{
	struct record *r = &l->w->d->record;
	struct side *s = l->side;

	if (s->life == LIFE_LIVE || observed_gone(l->o) ||
	    (span_eq(s->object, l->o->object) && span_eq(s->id, l->o->id)))
		return;
	for (size_t i = 0; i < r->field_count && s->life != LIFE_NONE; i++)
		record_hold(r, s, i, span_of(NULL, 0), span_of(NULL, 0), NULL);
	s->object = l->o->object;
	s->id = l->o->id;
}

/* Nobody has changed what we made there: it says nothing new. */
static bool
says_nothing(const struct landing *l)
{
	const struct policy *p = l->w->policy;

	for (size_t i = 0; i < p->entity->field_count; i++) {
		struct span new = l->o->fields[i];
		size_t at = policy_field_at(p, i, &l->w->d->record);

		if (!new.ptr)
			continue;
		if (!span_eq(new, at == SIZE_MAX ? record_null :
		    side_value(l->side, at)) && (at == SIZE_MAX ||
		    !l->side->value[at].ptr || !echo_is(l->w, l->o, i, at)))
			return false;
	}
	return true;
}

static void
land(const struct landing *l)
{
	const struct policy *p = l->w->policy;
	struct observation *o = l->o;

	if (is_unmoved(l)) {
		o->flight = SPAN("");
	} else if (o->op != OBSERVED_MERGE) {
		take_place(l);
		for (size_t i = 0; i < p->entity->field_count; i++)
			if (flight_has(o->flight, p->name[i]))
				land_field(l, i);
	}
	if (!observed_ends(o) && says_nothing(l))
		o->op = OBSERVED_TOUCH;
}

void
doubt_land(struct work *w)
{
	for (size_t i = 0; i < w->count; i++) {
		struct landing l = { .w = w, .o = &w->obs[i] };

		if (!work_counts(l.o) || !l.o->flight.len)
			continue;
		l.ps = &w->policy->systems[l.o->system];
		l.side = record_add_side(&w->d->record, l.ps->id, w->arena);
		land(&l);
	}
}

bool
doubt_any(const struct work *w)
{
	return w->doubt != NULL;
}

/* ---- the outbox ---- */

enum rc
doubt_settle(struct group *g, struct txn *t, struct err *e)
{
	for (size_t i = 0; i < g->count; i++) {
		const struct observation *o = &g->obs[i];
		struct span system = g->policy->systems[o->system].name;
		struct outbox out;
		enum rc rc;

		if (!work_counts(o) || !o->flight.len)
			continue;
		rc = outbox_get(t, system, g->entity, g->uid, &out, e);
		if (rc == RC_END)
			continue;
		out.flight = out.claimant = SPAN("");
		out.intent = out.made = false;
		out.lease = 0;
		if (!rc)
			rc = outbox_put(t, system, g->entity, g->uid, &out, e);
		if (rc)
			return rc;
	}
	return RC_OK;
}
