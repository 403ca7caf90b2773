/* SPDX-License-Identifier: MIT */
#include "spread.h"

#include <stdlib.h>

#include "../lib/hash.h"
#include "../lib/xalloc.h"

/* The value this update writes into the field; NULL ptr: none, or null. */
static struct span
written(const struct policy *p, const struct decision *d,
    const struct target *t, size_t field)
{
	const struct policy_system *s = &p->systems[t->system];
	const struct record *r = &d->record;
	struct span value;

	/* a time, a status: the same on all that are decided */
	if (t->op != TARGET_UPDATE || p->entity->fields[field].derive ||
	    !policy_sends(p, s, r, record_side(r,
	    s->id), field))
		return span_of(NULL, 0);
	value = r->fields[policy_field_at(p, field, r)].value;
	return span_eq(value, record_null) ? span_of(NULL, 0) : value;
}

/* Misra and Gries: what comes more often than one in 65 keeps its slot. */
void
sketch_add(struct sketch *s, uint64_t value, uint64_t n)
{
	size_t free_slot = SPREAD_SLOTS;
	uint64_t least = n;

	for (size_t i = 0; i < SPREAD_SLOTS; i++) {
		if (s->n[i] && s->value[i] == value) {
			s->n[i] += n;
			return;
		}
		if (!s->n[i])
			free_slot = i;
	}
	for (size_t i = 0; i < SPREAD_SLOTS && free_slot == SPREAD_SLOTS; i++)
		least = s->n[i] < least ? s->n[i] : least;
	if (free_slot == SPREAD_SLOTS) {
		s->missed += least;
		n -= least;
		for (size_t i = 0; i < SPREAD_SLOTS; i++) {
			s->n[i] -= least;
			free_slot = s->n[i] ? free_slot : i;
		}
	}
	if (n) {
		s->value[free_slot] = value;
		s->n[free_slot] = n;
	}
}

void
spread_count(struct spread *s, const struct policy *p,
    const struct decision *d, const struct target *t)
{
	size_t fields = p->entity->field_count;

	if (!s->field)
		s->field = xcalloc(fields + 1, sizeof *s->field);
	for (size_t i = 0; i < fields; i++) {
		struct span value = written(p, d, t, i);

		if (!value.ptr)
			continue;
		if (!s->field[i])
			s->field[i] = xcalloc(1, sizeof *s->field[i]);
		sketch_add(s->field[i], hash64(value, 0), 1);
	}
}

void
spread_free(struct spread *s, size_t fields)
{
	for (size_t i = 0; s->field && i < fields; i++)
		free(s->field[i]);
	free(s->field);
}

void
spread_recount(struct suspect *suspects, size_t n, size_t policy_at,
    const struct policy *p, const struct decision *d,
    const struct target *t, struct arena *a)
{
	for (size_t i = 0; i < n; i++) {
		struct suspect *s = &suspects[i];
		struct span value;

		if (s->policy != policy_at || s->system != t->system)
			continue;
		value = written(p, d, t, s->field);
		if (!value.ptr || hash64(value, 0) != s->value)
			continue;
		if (s->n < SPREAD_EXAMPLES)
			s->example[s->n] = arena_dup(a, d->record.uid);
		s->n++;
	}
}
