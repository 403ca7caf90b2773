/* SPDX-License-Identifier: MIT */
/* likeness_weigh: what two records weigh. */
#include "likeness.h"

#include "json.h"
#include "likeness_share.h"

#define CROSSING 200      /* taken when two fields are exchanged */
#define FEWEST 65536u     /* one of so many at least */

static int
weigh(const struct likeness_count *c, const struct likeness *l, size_t slot,
    struct span a, struct span b)
{
	return a.len && b.len ? likeness_field(c, l, slot, a, b) : 0;
}

/*
 * Two slots of one class held crosswise, where that says more: names in each
 * other's place, a phone that is the other's mobile.
 */
static void
cross(const struct likeness_count *c, const struct likeness *l, size_t i,
    size_t j, const struct span *a, const struct span *b,
    struct likeness_weights *w)
{
	int there, back;

	if (w->crossed[i] || w->crossed[j])
		return;
	there = weigh(c, l, i, a[i], b[j]);
	back = weigh(c, l, j, a[j], b[i]);
	if (there + back - CROSSING <= w->slot[i] + w->slot[j])
		return;
	/* from the other side they are the other way round */
	w->slot[i] = (there < back ? there : back) - CROSSING / 2;
	w->slot[j] = (there < back ? back : there) - CROSSING / 2;
	w->crossed[i] = w->crossed[j] = true;
}

/* A host said twice, as domain and as web site, counts once. */
static void
leave_best_host(const struct likeness *l, struct likeness_weights *w)
{
	size_t best = SIZE_MAX;

	for (size_t i = 0; i < l->count; i++) {
		size_t other = i;

		if (l->slot[i].kind != LIKE_DOMAIN || !w->slot[i])
			continue;
		if (best == SIZE_MAX) {
			best = i;
			continue;
		}
		if (w->slot[i] > w->slot[best]) {
			other = best;
			best = i;
		}
		w->slot[other] = 0;
	}
}

void
likeness_weigh(const struct likeness_count *c, const struct likeness *l,
    const struct span a[LIKENESS_SLOTS], const struct span b[LIKENESS_SLOTS],
    struct likeness_weights *w)
{
	*w = (struct likeness_weights){ .total = 0 };
	for (size_t i = 0; i < l->count; i++)
		w->slot[i] = weigh(c, l, i, a[i], b[i]);
	for (size_t i = 0; i < l->count; i++)
		for (size_t j = i + 1; j < l->count; j++)
			if (l->slot[i].class == l->slot[j].class &&
			    w->slot[i] + w->slot[j] <= 0)
				cross(c, l, i, j, a, b, w);
	leave_best_host(l, w);
	for (size_t i = 0; i < l->count; i++)
		w->total += w->slot[i];
	w->chance = likeness_log2(c->records > FEWEST ? c->records : FEWEST) +
	    likeness_share(l, w->slot);
	w->total -= w->chance;
}

void
likeness_put_bits(struct buf *b, int hundredths)
{
	unsigned n = (unsigned)(hundredths < 0 ? -hundredths : hundredths);

	buf_printf(b, "%s%u.%02u", hundredths < 0 ? "-" : "", n / 100,
	    n % 100);
}

void
likeness_put_why(struct buf *b, const struct entity *en,
    const struct likeness *l, const struct likeness_weights *w)
{
	buf_putc(b, '{');
	for (size_t i = 0; i < l->count; i++) {
		int sum = w->slot[i];

		/* a street's number is the street's */
		if (i + 1 < l->count && l->slot[i + 1].field ==
		    l->slot[i].field)
			sum += w->slot[++i];
		if (!sum)
			continue;
		json_put_key(b, en->fields[l->slot[i].field].name);
		likeness_put_bits(b, sum);
	}
	json_put_key(b, SPAN("chance"));
	likeness_put_bits(b, -w->chance);
	buf_putc(b, '}');
}
