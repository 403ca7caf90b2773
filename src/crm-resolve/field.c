/* SPDX-License-Identifier: MIT */
#include "field.h"

#include "drift.h"
#include "echo.h"
#include "flip.h"
#include "missed.h"

#include "../lib/history.h"

struct field_case {
	size_t field;    /* of the entity */
	size_t at;       /* of the record */
	size_t n;        /* candidates */
	bool concurrent; /* a side had not been brought to agreed yet */
	bool baseless;   /* one is of a side that never showed the field */
	bool first;      /* such a one meets another value */
	bool moved;      /* a side shows another value than before */
	bool cut;        /* it was edited where less of it is held */
	bool stopped;    /* a value we overwrote has come back */
};

/* It is known to the instant: after the one before. */
static void
set_exact(struct candidate *c, int64_t time)
{
	c->exact = true;
	c->time = time;
	c->since = time - 1;
}

static void
add_candidate(struct work *w, struct field_case *f,
    const struct observation *o, struct span value, struct span base)
{
	const struct policy_system *s = &w->policy->systems[o->system];
	struct candidate *c = &w->candidates[f->n++];
	int64_t own = o->times ? o->times[f->field] : 0;

	*c = (struct candidate){ .system = s->id, .name = s->name,
		.value = value, .base = base, .time = work_time(w, o) };
	if (own > 0) {
		set_exact(c, own < w->now ? own : w->now);
		return;
	}
	/* what has changed since has another time than it had then */
	c->vague = o->since && o->since >= c->time;
	c->since = c->vague ? 0 : o->since;
}

/* A field that its system does not show us, and we push. */
static void
take_drift(struct work *w, struct field_case *f, const struct observation *o)
{
	enum drift drift = drift_take(w, o, f->field, f->at);

	f->moved |= drift == DRIFT_TOLD;
	w->edited |= drift != DRIFT_NONE;
	f->stopped |= drift == DRIFT_STOPPED;
}

/*
 * A side in dispute shows again what stood before, or nothing where nothing
 * did: that is its word from now on, not what nobody has said for long.  So it
 * is where somebody sets what it was yet to be told, unless we may have.
 */
static void
take_return(struct work *w, struct field_case *f,
    const struct observation *o, struct span old)
{
	struct agreed_field *a = &w->d->record.fields[f->at];
	int64_t own = o->times ? o->times[f->field] : 0;
	int64_t time = own > 0 && own < w->now ? own : work_time(w, o);

	if (!old.ptr || span_eq(old, a->value) || time < a->time ||
	    (!a->conflict && o->flight.len))
		return;
	f->concurrent = true;
	a->time = time;
	a->exact = own > 0;
	a->origin = w->policy->systems[o->system].id;
	w->d->changed = true;
}

/* What one observation says of the field, against its side's shadow. */
static enum rc
take_field(struct work *w, struct field_case *f, const struct observation *o,
    struct err *e)
{
	struct record *r = &w->d->record;
	struct side *s = record_side(r, w->policy->systems[o->system].id);
	struct span agreed = r->fields[f->at].value;
	struct span new = o->fields[f->field];
	struct span old = s->value[f->at];
	enum rc rc = RC_OK;

	if (!new.ptr || (old.ptr && span_eq(new, old)))
		return RC_OK;
	w->d->side_changed[o->system] = true;
	if (old.ptr && echo_is(w, o, f->field, f->at)) {
		record_hold(r, s, f->at, new, side_stands_for(s, f->at),
		    w->arena);
		return RC_OK;
	}
	f->cut |= echo_is_cut(w, s, o->system, f->field, f->at);
	old = old.ptr ? side_stands_for(s, f->at) : old;
	record_hold(r, s, f->at, new, span_of(NULL, 0), w->arena);
	f->moved = true;
	w->edited |= old.ptr || !span_eq(new, record_null);
	if (span_eq(new, agreed)) {
		take_return(w, f, o, old);
		return RC_OK;
	}
	if (!old.ptr && span_eq(new, record_null))
		return RC_OK;   /* no opinion */
	f->baseless |= !old.ptr;
	if (!old.ptr && !span_eq(agreed, record_null))
		f->first = true;
	else if (old.ptr && (!span_eq(old, agreed) ||
	    (w->unsure && w->unsure[f->field])))
		f->concurrent = true;
	else if (old.ptr)
		rc = missed_it(w, o, s, f->at, &f->concurrent, e);
	add_candidate(w, f, o, new, old);
	return rc;
}

static void
agree(struct work *w, const struct field_case *f, const struct verdict *v)
{
	struct agreed_field *a = &w->d->record.fields[f->at];

	w->d->why[f->field] = (struct reason){ v->rule, v->system };
	if (span_eq(a->value, v->value) && !a->conflict)
		return;
	w->d->cleared += span_eq(v->value, record_null) &&
	    !span_eq(a->value, record_null);
	flip_note(a, v);
	if (!span_eq(a->value, v->value))
		history_remember(a, w->policy->entity->fields[f->field]
		    .history, w->arena);
	a->value = v->value;
	a->time = v->time;
	a->exact = v->exact;
	a->origin = v->system;
	a->conflict = false;
	w->d->changed = true;
}

static void
put_in_review(struct work *w, const struct field_case *f, const char *why)
{
	struct decision *d = w->d;

	d->record.fields[f->at].conflict = true;
	d->changed = true;
	d->conflicts[d->conflict_count++] = (struct conflict){
		.field = f->field, .suggestion = SIZE_MAX, .why = why };
}

/* All who show the field show the same: there is nothing to review. */
static bool
sides_agree(const struct record *r, size_t at, struct span *value)
{
	*value = span_of(NULL, 0);
	for (size_t i = 0; i < r->side_count; i++) {
		const struct side *s = &r->sides[i];

		if (s->life != LIFE_LIVE || !s->value[at].ptr)
			continue;
		if (value->ptr && !span_eq(*value, side_stands_for(s, at)))
			return false;
		*value = side_stands_for(s, at);
	}
	return value->ptr != NULL;
}

static void
close_conflict(struct work *w, const struct field_case *f, struct span value)
{
	const struct agreed_field *a = &w->d->record.fields[f->at];
	struct verdict v = { .rule = "equal", .system = a->origin,
		.value = value, .time = a->time, .exact = a->exact };

	for (size_t i = 0; i < f->n; i++) {
		const struct candidate *c = &w->candidates[i];

		if (span_eq(c->value, value) && c->time >= v.time) {
			v.system = c->system;
			v.time = c->time;
			v.exact = c->exact;
		}
	}
	agree(w, f, &v);
}

/* A side moved to another value than the one that stands: it is told again. */
static void
tell_losers(struct work *w, const struct field_case *f)
{
	const struct policy *p = w->policy;

	for (size_t i = 0; i < w->count && f->moved; i++) {
		const struct observation *o = &w->obs[i];
		const struct policy_system *s = &p->systems[o->system];

		if (work_counts(o) && o->fields[f->field].ptr &&
		    !observed_gone(o) && policy_sends(p, s,
		    &w->d->record, record_side(&w->d->record, s->id),
		    f->field))
			w->d->changed = true;
	}
}

/* The agreed value competes; a blank that never was one does not. */
static void
add_agreed(struct work *w, struct field_case *f)
{
	const struct agreed_field *a = &w->d->record.fields[f->at];

	if (span_eq(a->value, record_null) && !a->time && !a->origin)
		return;
	w->candidates[f->n] = (struct candidate){ .agreed = true,
		.name = name_of(w->state, a->origin), .system = a->origin,
		.value = a->value, .time = a->time };
	if (a->exact)
		set_exact(&w->candidates[f->n], a->time);
	f->n++;
}

static bool
is_candidate(const struct work *w, const struct field_case *f,
    uint32_t system)
{
	for (size_t i = 0; i < f->n; i++)
		if (w->candidates[i].system == system &&
		    !w->candidates[i].agreed)
			return true;
	return false;
}

/* What waits in review is still somebody's edit, though nobody shows it now. */
static void
add_waiting(struct work *w, struct field_case *f)
{
	const struct record *r = &w->d->record;
	struct span agreed = r->fields[f->at].value;

	for (size_t i = 0; i < w->policy->system_count; i++) {
		const struct policy_system *ps = &w->policy->systems[i];
		const struct side *s = record_side(r, ps->id);

		if (!s || s->life != LIFE_LIVE || !s->value[f->at].ptr ||
		    !(ps->direction[f->field] & DIR_PULL) ||
		    span_eq(side_stands_for(s, f->at), agreed) ||
		    is_candidate(w, f, ps->id))
			continue;
		w->candidates[f->n++] = (struct candidate){ .name = ps->name,
			.system = ps->id, .value = side_stands_for(s, f->at),
			.base = agreed, .time = s->modified, .vague = true };
	}
}

static bool
differ(const struct candidate *c, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (!span_eq(c[i].value, c[0].value))
			return true;
	return false;
}

/* Does its side hold this only because there was no room for that? */
static bool
holds_part(const struct work *w, const struct field_case *f,
    const struct candidate *part, const struct candidate *whole)
{
	const struct side *s;

	if (part->system == whole->system ||
	    part->value.len >= whole->value.len)
		return false;
	s = record_side(&w->d->record, part->system);
	return s && s->life == LIFE_LIVE && s->value[f->at].ptr &&
	    span_eq(s->value[f->at], part->value) &&
	    echo_is_part(w, part->system, f->field, whole->value,
	    part->value);
}

/*
 * A part of what another side shows is no edit of it, however late it was
 * written there: it stands for the whole.
 */
static void
drop_parts(struct work *w, struct field_case *f)
{
	struct candidate *c = w->candidates;
	size_t kept = 0;

	for (size_t i = 0; i < f->n; i++) {
		struct record *r = &w->d->record;
		size_t k = 0;

		while (k < f->n && !holds_part(w, f, &c[i], &c[k]))
			k++;
		if (k < f->n)
			record_hold(r, record_side(r, c[i].system), f->at,
			    c[i].value, c[k].value, w->arena);
		else
			c[kept++] = c[i];
	}
	f->n = kept;
}

/* Who was never asked says just what somebody made of what stood. */
static bool
confirms_edit(const struct work *w, const struct field_case *f)
{
	bool edited = false;

	for (size_t i = 0; i < f->n; i++)
		edited |= w->candidates[i].base.ptr != NULL;
	return edited && !differ(w->candidates, f->n);
}

static enum rc
settle(struct work *w, struct field_case *f, struct err *e)
{
	const struct agreed_field *a = &w->d->record.fields[f->at];
	struct dispute d = { .policy = w->policy, .uid = w->d->record.uid,
		.at = f->field, .agreed = a->value, .arena = w->arena,
		.field = &w->policy->entity->fields[f->field],
		.candidates = w->candidates };
	struct verdict v;
	enum rc rc;

	if (!a->conflict)
		drop_parts(w, f);
	f->first &= !confirms_edit(w, f);
	f->first |= f->baseless && differ(w->candidates, f->n);
	if (f->concurrent || f->first || a->conflict)
		add_agreed(w, f);
	if (a->conflict)
		add_waiting(w, f);
	else
		drop_parts(w, f); /* of what stands, too */
	/* a first sight is nobody's word on what waits */
	f->first |= f->baseless && a->conflict;
	if (f->n == 1 && w->candidates[0].agreed)
		return RC_OK;   /* they hold what stands */
	d.first = f->first;
	d.count = f->n;
	rc = rules_decide(&d, &v, e);
	if (rc)
		return rc;
	if (f->cut)
		put_in_review(w, f, "edited where only a part is held");
	else if (v.review)
		put_in_review(w, f, v.why);
	else if (flip_is_stopped(a, &v))
		put_in_review(w, f, "goes back and forth");
	else
		agree(w, f, &v);
	if (v.failed)
		w->d->conflicts[w->d->conflict_count - 1].failed = true;
	return RC_OK;
}

/*
 * A new record that one system alone shows: with nothing to compare and
 * nobody to contradict, what it shows is what stands.
 */
static void
take_only(struct work *w, struct field_case *f)
{
	const struct observation *o = w->only;
	struct record *r = &w->d->record;
	struct span new = o->fields[f->field];
	const struct candidate *c = w->candidates;
	struct verdict v = { .rule = "changed" };

	if (!new.ptr)
		return;
	w->d->side_changed[o->system] = true;
	record_hold(r, record_side(r, w->policy->systems[o->system].id),
	    f->at, new, span_of(NULL, 0), w->arena);
	if (span_eq(new, record_null))
		return;         /* no opinion */
	w->edited = true;
	add_candidate(w, f, o, new, span_of(NULL, 0));
	v.system = c->system;
	v.value = c->value;
	v.time = c->time;
	v.exact = c->exact;
	agree(w, f, &v);
}

enum rc
field_decide(struct work *w, size_t field, struct err *e)
{
	struct record *r = &w->d->record;
	struct field_case f = { .field = field };
	struct span value;
	enum rc rc = RC_OK;

	/* a new record's fields are put in the entity's order, each once */
	f.at = !r->version && field == r->field_count ?
	    record_append(r, w->policy->name[field], w->arena) :
	    record_add(r, w->policy->name[field], w->arena);
	if (w->only && w->policy->systems[w->only->system].direction[field] !=
	    DIR_PUSH) {
		take_only(w, &f);
		return RC_OK;
	}
	for (size_t i = 0; i < w->count; i++) {
		const struct observation *o = &w->obs[i];

		if (!work_counts(o) || observed_gone(o))
			continue;
		if (w->policy->systems[o->system].direction[field] == DIR_PUSH)
			take_drift(w, &f, o);
		else
			rc = take_field(w, &f, o, e);
		if (rc)
			return rc;
	}
	if (w->doubt && w->doubt[field])
		put_in_review(w, &f, "set back there, or what was sent never "
		    "arrived: it cannot be told");
	else if (f.stopped)
		put_in_review(w, &f, "goes back and forth");
	else if (f.moved && r->fields[f.at].conflict &&
	    sides_agree(r, f.at, &value))
		close_conflict(w, &f, value);
	else if (f.n)
		rc = settle(w, &f, e);
	tell_losers(w, &f);
	return rc;
}
