/* SPDX-License-Identifier: MIT */
/* rule_pick: rules by which one of the candidates stands as it is. */
#include "rules.h"

#include "../lib/decimal.h"

typedef bool better_fn(const struct candidate *, const struct candidate *);

/* Place in the list of preferred systems; the last for those not in it. */
static size_t
rank(const struct entity_field *f, const struct candidate *c)
{
	size_t at = 0;

	while (at < f->prefer_count && !span_eq(f->prefer[at], c->name))
		at++;
	return at;
}

/* The same order from either side: a name only counts among the same. */
static bool
tie_break(const struct candidate *a, const struct candidate *b)
{
	int c = span_cmp(a->value, b->value);

	if (c || a->time != b->time)
		return c ? c > 0 : a->time > b->time;
	if (a->exact != b->exact)
		return a->exact;
	return span_cmp(a->name, b->name) < 0;
}

static bool
later(const struct candidate *a, const struct candidate *b)
{
	return a->time != b->time ? a->time > b->time : tie_break(a, b);
}

static bool
is_null(const struct candidate *c)
{
	return span_eq(c->value, record_null);
}

/* Characters of a text, bytes of anything else. */
static size_t
length(struct span value)
{
	size_t n = 0;

	if (value.ptr[0] != '"')
		return value.len;
	for (size_t i = 1; i + 1 < value.len; i++) {
		if (((unsigned char)value.ptr[i] & 0xc0) == 0x80)
			continue;
		n++;
		if (value.ptr[i] == '\\')
			i += value.ptr[i + 1] == 'u' ? 5 : 1;
	}
	return n;
}

static bool
longer(const struct candidate *a, const struct candidate *b)
{
	size_t x = length(a->value), y = length(b->value);

	if (is_null(a) != is_null(b))
		return is_null(b);
	return x != y ? x > y : tie_break(a, b);
}

static bool
is_number(struct span text)
{
	return text.len && (text.ptr[0] == '-' ||
	    (text.ptr[0] >= '0' && text.ptr[0] <= '9'));
}

/* Numbers as decimals, all else as it sorts. */
static int
compare(struct span a, struct span b)
{
	return is_number(a) && is_number(b) ? decimal_cmp(a, b) :
	    span_cmp(a, b);
}

static bool
greater(const struct candidate *a, const struct candidate *b)
{
	int c = compare(a->value, b->value);

	if (is_null(a) != is_null(b))
		return is_null(b);
	return c ? c > 0 : tie_break(a, b);
}

/* Null is no least value: it only loses. */
static bool
lesser(const struct candidate *a, const struct candidate *b)
{
	int c = compare(a->value, b->value);

	if (is_null(a) != is_null(b))
		return is_null(b);
	return c ? c < 0 : tie_break(a, b);
}

static size_t
best(const struct dispute *d, better_fn *better)
{
	size_t at = 0;

	for (size_t i = 1; i < d->count; i++)
		if (better(&d->candidates[i], &d->candidates[at]))
			at = i;
	return at;
}

/* The latest of those of the best rank. */
static size_t
preferred(const struct dispute *d)
{
	const struct candidate *c = d->candidates;
	size_t at = 0;

	for (size_t i = 1; i < d->count; i++) {
		size_t a = rank(d->field, &c[i]), b = rank(d->field, &c[at]);

		if (a < b || (a == b && later(&c[i], &c[at])))
			at = i;
	}
	return at;
}

size_t
rule_pick_first(const struct dispute *d)
{
	size_t at = preferred(d);

	return rank(d->field, &d->candidates[at]) < d->field->prefer_count ?
	    at : RULE_NONE;
}

/* ---- latest ---- */

/* Some other change certainly came after it. */
static bool
is_overtaken(const struct dispute *d, const struct candidate *c)
{
	for (size_t i = 0; i < d->count; i++)
		if (d->candidates[i].since >= c->time &&
		    d->candidates[i].since)
			return true;
	return false;
}

/* Of two that may both be the latest; an edit's own time tells more. */
static bool
supposedly_later(const struct dispute *d, const struct candidate *a,
    const struct candidate *b)
{
	size_t x = rank(d->field, a), y = rank(d->field, b);

	if (x != y)
		return x < y;
	if (a->vague != b->vague)
		return b->vague;
	/* then exactly, or before */
	if (a->time == b->time && a->exact != b->exact)
		return a->exact;
	return later(a, b);
}

static size_t
latest(const struct dispute *d)
{
	const struct candidate *c = d->candidates;
	bool several = false;
	size_t at = RULE_NONE;

	for (size_t i = 0; i < d->count; i++) {
		if (is_overtaken(d, &c[i]))
			continue;
		several |= at != RULE_NONE && !span_eq(c[i].value,
		    c[at].value);
		if (at == RULE_NONE || supposedly_later(d, &c[i], &c[at]))
			at = i;
	}
	return several && d->field->ask ? RULE_NONE : at;
}

size_t
rule_pick(const struct dispute *d)
{
	switch (d->field->rule) {
	case RULE_PREFER:
		return preferred(d);
	case RULE_FIRST:
		return rule_pick_first(d);
	case RULE_LONGEST:
		return best(d, longer);
	case RULE_MAX:
		return best(d, greater);
	case RULE_MIN:
		return best(d, lesser);
	case RULE_LATEST:
		return latest(d);
	default:
		return RULE_NONE;
	}
}
