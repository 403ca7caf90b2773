/* SPDX-License-Identifier: MIT */
#include "identify.h"

#include <stdlib.h>

#include "../lib/xalloc.h"

static bool
has_value(const struct party *p, size_t key)
{
	return p->value[key].lo || p->value[key].hi;
}

/* Some of the parties, by their places; joined ones are left out. */
struct some {
	size_t *at;
	size_t count;
};

enum rank
identify_rank(const struct party *p)
{
	return p->blind ? RANK_BLIND : p->open ? RANK_OPEN :
	    p->stranger ? RANK_STRANGER : RANK_KNOWN;
}

/*
 * At most one of each system, and at most one that was known before, by what it
 * is known by from now on.
 */
static bool
one_to_one(const struct party *p, const struct some *s)
{
	uint64_t met = 0;
	size_t known = 0, strange = 0, open = 0;

	for (size_t i = 0; i < s->count; i++) {
		const struct party *x = &p[s->at[i]];

		if (met & x->systems || x->former)
			return false;
		met |= x->systems;
		known += identify_rank(x) == RANK_KNOWN;
		strange += x->stranger;
		open += x->open;
	}
	return known <= 1 && strange <= 1 && open + strange > 0 &&
	    open + strange + known > 1;
}

/* All become the known one, or the stranger, or the first by uid. */
static void
join(struct party *p, const struct some *s)
{
	size_t with = s->at[0];

	for (size_t i = 1; i < s->count; i++)
		if (identify_rank(&p[s->at[i]]) > identify_rank(&p[with]))
			with = s->at[i];
	for (size_t i = 0; i < s->count; i++) {
		struct party *x = &p[s->at[i]];

		p[with].systems |= x->blind ? 0 : x->systems;
		if (!x->open && (!x->stranger || x == &p[with]))
			continue;
		x->open = x->stranger = false;
		x->finding = FOUND_LINKED;
		x->with = with;
	}
}

/* ---- the later keys ---- */

static const struct party *sort_base; /* qsort has no context argument */
static size_t sort_key;

static int
compare(const void *a, const void *b)
{
	const size_t *x = a, *y = b;
	const struct hash128 *u = &sort_base[*x].value[sort_key];
	const struct hash128 *v = &sort_base[*y].value[sort_key];

	if (u->lo != v->lo)
		return u->lo < v->lo ? -1 : 1;
	if (u->hi != v->hi)
		return u->hi < v->hi ? -1 : 1;
	return (*x > *y) - (*x < *y);
}

/* Those that are somebody still: not joined to another. */
static void
leave_joined(const struct party *p, struct some *s)
{
	size_t kept = 0;

	for (size_t i = 0; i < s->count; i++) {
		const struct party *x = &p[s->at[i]];

		if (x->finding != FOUND_LINKED || x->with == s->at[i])
			s->at[kept++] = s->at[i];
	}
	s->count = kept;
}

static void
refine(struct party *p, struct some *s, size_t key)
{
	size_t from = 0;

	sort_base = p;
	sort_key = key;
	qsort(s->at, s->count, sizeof *s->at, compare);
	while (from < s->count) {
		struct some same = { s->at + from, 1 };

		while (from + same.count < s->count && hash128_eq(
		    p[s->at[from]].value[key],
		    p[s->at[from + same.count]].value[key]))
			same.count++;
		from += same.count;
		if (has_value(&p[same.at[0]], key) && one_to_one(p, &same))
			join(p, &same);
	}
	leave_joined(p, s);
}

/* ---- */

/* Whoever met a record of another system may be that one. */
static void
settle(struct party *p, const struct some *s)
{
	uint64_t met = 0;

	for (size_t i = 0; i < s->count; i++)
		met |= p[s->at[i]].blind ? 0 : p[s->at[i]].systems;
	for (size_t i = 0; i < s->count; i++) {
		struct party *x = &p[s->at[i]];

		if (x->open)
			x->finding = met & ~x->systems ? FOUND_REVIEW :
			    FOUND_ALONE;
	}
}

void
identify_ask(struct party *p, size_t n)
{
	struct some all = { xmalloc((n + 1) * sizeof *all.at), n };

	for (size_t i = 0; i < n; i++)
		all.at[i] = i;
	settle(p, &all);
	free(all.at);
}

void
identify_twice(struct party *p, size_t n, bool skip)
{
	size_t first = 0;

	while (first < n && p[first].open)
		first++;
	if (first == n)
		first = 0;
	for (size_t i = 0; i < n; i++) {
		if (i == first || !p[i].open)
			continue;
		p[i].finding = skip ? FOUND_TWICE : FOUND_REVIEW;
		p[i].with = first;
	}
}

void
identify_case(struct party *p, size_t n, size_t key, size_t keys)
{
	struct some all = { xmalloc((n + 1) * sizeof *all.at), n };

	for (size_t i = 0; i < n; i++)
		all.at[i] = i;
	if (one_to_one(p, &all)) {
		join(p, &all);
	} else {
		while (++key < keys)
			refine(p, &all, key);
		settle(p, &all);
	}
	free(all.at);
}
