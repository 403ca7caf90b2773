/* SPDX-License-Identifier: MIT */
/* disputes: fields that wait for a person, by field, rule and reason. */
#include "status.h"

#include <stdlib.h>

#include "../lib/waiting.h"
#include "../lib/xalloc.h"

#define MOST 256 /* kinds of an entity; the rest is in its sum alone */

static struct dispute *
find(struct status *s, struct topic *t, const struct waiting *w)
{
	struct dispute *d = t->disputes;
	size_t i;

	for (i = 0; i < t->dispute_count; i++, d++)
		if (span_eq(d->field, w->field) && span_eq(d->rule, w->rule) &&
		    span_eq(d->why, w->why))
			return d;
	if (i == MOST)
		return NULL;
	if (!t->disputes)
		t->disputes = xcalloc(MOST, sizeof *t->disputes);
	d = &t->disputes[t->dispute_count++];
	d->field = arena_dup(&s->arena, w->field);
	d->rule = arena_dup(&s->arena, w->rule);
	d->why = arena_dup(&s->arena, w->why);
	return d;
}

static enum rc
count(void *arg, const struct waiting *w, struct err *e)
{
	struct status *s = arg;
	struct topic *t = survey_topic(s, w->entity);
	struct dispute *d = t ? find(s, t, w) : NULL;

	(void)e;
	if (t)
		t->conflicts++;
	if (!d)
		return RC_OK;
	d->count++;
	if (!d->oldest || w->since < d->oldest)
		d->oldest = w->since;
	return RC_OK;
}

static int
order(const void *a, const void *b)
{
	const struct dispute *x = a, *y = b;
	int by_name = span_cmp(x->field, y->field);

	if (x->count != y->count)
		return x->count < y->count ? 1 : -1;
	if (!by_name)
		by_name = span_cmp(x->rule, y->rule);
	return by_name ? by_name : span_cmp(x->why, y->why);
}

enum rc
disputes(struct status *s, struct err *e)
{
	enum rc rc = waiting_each(&s->txn, SPAN(""), count, s, e);

	for (size_t i = 0; i < s->topic_count; i++)
		if (s->topics[i].dispute_count)
			qsort(s->topics[i].disputes,
			    s->topics[i].dispute_count,
			    sizeof *s->topics[i].disputes, order);
	return rc;
}
