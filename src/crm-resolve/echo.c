/* SPDX-License-Identifier: MIT */
#include "echo.h"

#include "../lib/limits.h"

/* What is held there came from us: it is not a value the side brought. */
static bool
was_sent(const struct work *w, const struct side *s, size_t at)
{
	const struct agreed_field *a = &w->d->record.fields[at];

	return (s->sent && s->sent[at].ptr) || a->origin != s->system ||
	    !span_eq(s->value[at], a->value);
}

/* What the mapping alone makes of a value it writes there; ptr NULL: none. */
static struct span
trip(const struct work *w, struct mapping *m, size_t map_field,
    struct span sent)
{
	struct span held = span_of(NULL, 0);
	struct err e;
	struct buf out;

	buf_init(&out, LIMIT_LINE, "value");
	if (mapping_trip(m, map_field, sent, &out, &e) == RC_OK)
		held = arena_dup(w->arena, buf_view(&out));
	buf_free(&out);
	return held;
}

static bool
is_trip(const struct work *w, struct mapping *m, size_t map_field,
    struct span sent, struct span new)
{
	struct span held = trip(w, m, map_field, sent);

	return held.ptr && (span_eq(held, new) ||
	    mapping_equivalent(m, map_field, held, new));
}

bool
echo_is(const struct work *w, const struct observation *o, size_t field,
    size_t at)
{
	const struct policy_system *ps = &w->policy->systems[o->system];
	const struct side *s = record_side(&w->d->record, ps->id);
	struct span sent = side_stands_for(s, at), new = o->fields[field];
	size_t mf;

	if (!ps->mapping || !(ps->direction[field] & DIR_PUSH) ||
	    span_eq(sent, record_null) || !was_sent(w, s, at))
		return false;
	mf = mapping_field_find(ps->mapping, field);
	if (mf == SIZE_MAX || w->policy->entity->fields[field].type ==
	    TYPE_REF)
		return false;
	return mapping_equivalent(ps->mapping, mf, sent, new) ||
	    is_trip(w, ps->mapping, mf, sent, new);
}

/* What the system holds once it was told that; NULL ptr: it is not told. */
static struct span
told_holds(const struct work *w, const struct policy_system *ps, size_t mf,
    size_t field, struct span whole)
{
	if (!(ps->direction[field] & DIR_PUSH) ||
	    span_eq(whole, record_null) ||
	    w->policy->entity->fields[field].type == TYPE_REF)
		return span_of(NULL, 0);
	return trip(w, ps->mapping, mf, whole);
}

/* Sent, and not read since: the mapping says what there was room for. */
static struct span
held_by(const struct work *w, const struct policy_system *ps, size_t mf,
    const struct side *s, size_t field, size_t at)
{
	if (s->sent && s->sent[at].ptr)
		return s->value[at];
	return was_sent(w, s, at) ? told_holds(w, ps, mf, field,
	    s->value[at]) : span_of(NULL, 0);
}

bool
echo_is_cut(const struct work *w, const struct side *s, size_t system,
    size_t field, size_t at)
{
	const struct policy_system *ps = &w->policy->systems[system];
	size_t mf = ps->mapping ? mapping_field_find(ps->mapping, field) :
	    SIZE_MAX;
	struct span held;

	if (mf == SIZE_MAX || !s->value[at].ptr ||
	    w->policy->entity->fields[field].type == TYPE_REF)
		return false;
	held = held_by(w, ps, mf, s, field, at);
	return held.ptr && mapping_loses(ps->mapping, mf,
	    side_stands_for(s, at), held);
}

bool
echo_is_part(const struct work *w, uint32_t system, size_t field,
    struct span whole, struct span part)
{
	size_t i = policy_system_by_id(w->policy, system), mf;
	const struct policy_system *ps;
	struct span held;

	if (i == SIZE_MAX || span_eq(part, record_null))
		return false;
	ps = &w->policy->systems[i];
	mf = ps->mapping ? mapping_field_find(ps->mapping, field) : SIZE_MAX;
	if (mf == SIZE_MAX)
		return false;
	held = told_holds(w, ps, mf, field, whole);
	return held.ptr && span_eq(held, part) && mapping_loses(ps->mapping,
	    mf, whole, held);
}
