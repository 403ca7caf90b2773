/* SPDX-License-Identifier: MIT */
#include "rules.h"

#include "../lib/entity.h"

typedef enum rc make_fn(const struct dispute *, struct span *, struct err *);

enum rc
rules_check(const struct entity *en, struct err *e)
{
	for (size_t i = 0; i < en->field_count; i++) {
		const struct entity_field *f = &en->fields[i];

		if (f->rule == RULE_JQ || f->rule == RULE_COMMAND)
			return err_set(e, RC_CONFIG, "%.*s.jq: field %.*s: "
			    "rule %s is not supported yet", SPAN_ARG(en->name),
			    SPAN_ARG(f->name), entity_rules[f->rule]);
	}
	return RC_OK;
}

/* ---- the order candidates are seen in ---- */

static int
order(const struct candidate *a, const struct candidate *b)
{
	int c;

	if (a->time != b->time)
		return a->time < b->time ? -1 : 1;
	c = span_cmp(a->value, b->value);
	if (!c)
		c = span_cmp(a->base, b->base);
	if (!c)
		c = span_cmp(a->name, b->name);
	return c ? c : (int)b->agreed - (int)a->agreed;
}

/* There are a few at most. */
static void
sort(struct candidate *c, size_t n)
{
	for (size_t i = 1; i < n; i++)
		for (size_t k = i; k > 0 && order(&c[k - 1], &c[k]) > 0; k--) {
			struct candidate t = c[k];

			c[k] = c[k - 1];
			c[k - 1] = t;
		}
}

static bool
all_equal(const struct dispute *d)
{
	for (size_t i = 1; i < d->count; i++)
		if (!span_eq(d->candidates[i].value, d->candidates[0].value))
			return false;
	return true;
}

/* ---- verdicts ---- */

static void
stand(const struct dispute *d, struct verdict *v, size_t at)
{
	const struct candidate *c = &d->candidates[at];

	v->value = c->value;
	v->system = c->system;
	v->time = c->time;
	v->agreed = c->agreed;
}

static void
take_pick(const struct dispute *d, struct verdict *v, size_t at)
{
	v->review = at == RULE_NONE;
	if (!v->review)
		stand(d, v, at);
}

/* What is made is the work of all; the last of them is named for it. */
static void
take_made(const struct dispute *d, struct verdict *v, make_fn *make)
{
	struct span value;
	struct err e;

	if (make(d, &value, &e)) {
		v->review = true;
		v->why = arena_cstr(d->arena, span_str(e.text));
		return;
	}
	stand(d, v, d->count - 1);
	for (size_t i = 0; i < d->count; i++)
		if (span_eq(d->candidates[i].value, value))
			stand(d, v, i);
	v->value = value;
	v->agreed &= span_eq(value, d->agreed);
}

/* Equal values: whose it is said to be still counts for rules that prefer. */
static size_t
pick_equal(const struct dispute *d)
{
	size_t at = rule_pick_first(d);

	return at == RULE_NONE ? d->count - 1 : at;
}

void
rules_decide(struct dispute *d, struct verdict *v)
{
	enum field_rule rule = d->field->rule;

	*v = (struct verdict){ .rule = "changed" };
	sort(d->candidates, d->count);
	if (all_equal(d)) {
		take_pick(d, v, pick_equal(d));
		return;
	}
	v->rule = entity_rules[rule == RULE_UNION || rule == RULE_APPEND ||
	    !d->first ? rule : RULE_FIRST];
	if (rule == RULE_UNION)
		take_made(d, v, rule_union);
	else if (rule == RULE_APPEND)
		take_made(d, v, rule_append);
	else
		take_pick(d, v, d->first ? rule_pick_first(d) : rule_pick(d));
}
