/* SPDX-License-Identifier: MIT */
#include "rules.h"

#include "../lib/decimal.h"

enum rc
rules_check(const struct entity *en, struct err *e)
{
	for (size_t i = 0; i < en->field_count; i++) {
		const struct entity_field *f = &en->fields[i];

		switch (f->rule) {
		case RULE_LATEST:
		case RULE_PREFER:
		case RULE_FIRST:
		case RULE_LONGEST:
		case RULE_MAX:
		case RULE_MIN:
		case RULE_MANUAL:
			break;
		default:
			return err_set(e, RC_CONFIG, "%.*s.jq: field %.*s: "
			    "this rule is not supported yet; use latest, "
			    "prefer, first, max, min, longest or manual",
			    SPAN_ARG(en->name), SPAN_ARG(f->name));
		}
	}
	return RC_OK;
}

/* Place in the list of preferred systems; the last for those not in it. */
static size_t
rank(const struct policy *p, const struct entity_field *f, uint32_t system)
{
	size_t at = policy_system_by_id(p, system);

	if (at == SIZE_MAX)
		return f->prefer_count;
	for (size_t i = 0; i < f->prefer_count; i++)
		if (span_eq(f->prefer[i], p->systems[at].name))
			return i;
	return f->prefer_count;
}

/* The same order from either side: by value, then by system's name. */
static bool
tie_break(const struct candidate *a, const struct candidate *b)
{
	int c = span_cmp(a->value, b->value);

	return c ? c > 0 : a->system < b->system;
}

static bool
later(const struct candidate *a, const struct candidate *b)
{
	return a->time != b->time ? a->time > b->time : tie_break(a, b);
}

static bool
longer(const struct candidate *a, const struct candidate *b)
{
	return a->value.len != b->value.len ? a->value.len > b->value.len :
	    tie_break(a, b);
}

static bool
is_number(struct span text)
{
	return text.len && text.ptr[0] != '"' && !span_eq(text, record_null);
}

/* Numbers as decimals, dates and texts as they sort; null is the least. */
static int
compare(struct span a, struct span b)
{
	if (is_number(a) && is_number(b))
		return decimal_cmp(a, b);
	if (span_eq(a, record_null) || span_eq(b, record_null))
		return span_eq(b, record_null) - span_eq(a, record_null);
	return span_cmp(a, b);
}

static bool
greater(const struct candidate *a, const struct candidate *b)
{
	int c = compare(a->value, b->value);

	return c ? c > 0 : tie_break(a, b);
}

/* Null is no least value: it only loses. */
static bool
lesser(const struct candidate *a, const struct candidate *b)
{
	if (span_eq(a->value, record_null) || span_eq(b->value, record_null))
		return greater(a, b);
	return compare(a->value, b->value) < 0;
}

static size_t
best(const struct candidate *c, size_t n,
    bool (*better)(const struct candidate *, const struct candidate *))
{
	size_t at = 0;

	for (size_t i = 1; i < n; i++)
		if (better(&c[i], &c[at]))
			at = i;
	return at;
}

/* The one candidate of the best rank; MANUAL when none is in the list. */
static size_t
preferred(const struct policy *p, const struct entity_field *f,
    const struct candidate *c, size_t n, bool by_time)
{
	size_t at = 0, least;

	for (size_t i = 1; i < n; i++) {
		size_t a = rank(p, f, c[i].system), b = rank(p, f,
		    c[at].system);

		if (a < b || (a == b && later(&c[i], &c[at])))
			at = i;
	}
	least = rank(p, f, c[at].system);
	return least < f->prefer_count || by_time ? at : RULES_MANUAL;
}

size_t
rules_pick(const struct policy *p, const struct entity_field *f, bool first,
    const struct candidate *c, size_t n, const char **rule)
{
	if (first || f->rule == RULE_FIRST) {
		*rule = "first";
		return preferred(p, f, c, n, false);
	}
	switch (f->rule) {
	case RULE_PREFER:
		*rule = "prefer";
		return preferred(p, f, c, n, true);
	case RULE_LONGEST:
		*rule = "longest";
		return best(c, n, longer);
	case RULE_MAX:
		*rule = "max";
		return best(c, n, greater);
	case RULE_MIN:
		*rule = "min";
		return best(c, n, lesser);
	case RULE_LATEST:
		*rule = "latest";
		return best(c, n, later);
	default:
		*rule = "manual";
		return RULES_MANUAL;
	}
}
