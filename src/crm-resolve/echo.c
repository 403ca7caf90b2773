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

/* What the mapping alone makes of a value it writes there. */
static bool
is_trip(struct mapping *m, size_t map_field, struct span sent,
    struct span held)
{
	struct err e;
	struct buf out;
	bool is;

	buf_init(&out, LIMIT_LINE, "value");
	is = mapping_trip(m, map_field, sent, &out, &e) == RC_OK &&
	    (span_eq(buf_view(&out), held) ||
	    mapping_equivalent(m, map_field, buf_view(&out), held));
	buf_free(&out);
	return is;
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
	    is_trip(ps->mapping, mf, sent, new);
}

bool
echo_is_cut(const struct work *w, const struct side *s, size_t system,
    size_t field, size_t at)
{
	const struct mapping *m = w->policy->systems[system].mapping;
	size_t mf;

	if (!m || !s->sent || !s->sent[at].ptr)
		return false;
	mf = mapping_field_find(m, field);
	return mf != SIZE_MAX && mapping_loses(m, mf, s->sent[at],
	    s->value[at]);
}
