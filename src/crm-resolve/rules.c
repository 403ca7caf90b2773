/* SPDX-License-Identifier: MIT */
#include "rules.h"

#include "../lib/entity.h"

/* ---- the order candidates are seen in ---- */

static int
order(const struct candidate *a, const struct candidate *b)
{
	int c;

	if (a->time != b->time)
		return a->time < b->time ? -1 : 1;
	c = span_cmp(a->value, b->value);
	if (!c)
		c = (int)a->exact - (int)b->exact;
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
	v->exact = c->exact;
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
take_made(const struct dispute *d, struct verdict *v, struct span value)
{
	stand(d, v, d->count - 1);
	for (size_t i = 0; i < d->count; i++)
		if (span_eq(d->candidates[i].value, value))
			stand(d, v, i);
	v->exact &= span_eq(v->value, value);
	v->value = value;
	v->agreed &= span_eq(value, d->agreed);
}

static enum rc
make(const struct dispute *d, struct verdict *v, struct err *e)
{
	struct err why = { "" };
	struct span value;
	enum rc rc;

	switch (d->field->rule) {
	case RULE_UNION:
		rc = rule_union(d, &value, &why);
		break;
	case RULE_APPEND:
		rc = rule_append(d, &value, &why);
		break;
	case RULE_JQ:
		rc = rule_jq(d, &value, &why);
		v->failed = rc != RC_OK;
		break;
	default:
		rc = rule_command(d, v, &value, &why);
	}
	v->review = rc == RC_RECORD;
	if (v->review)
		v->why = arena_cstr(d->arena, span_str(why.text));
	else if (rc)
		*e = why;
	else
		take_made(d, v, value);
	return v->review ? RC_OK : rc;
}

/* Equal values: whose it is said to be still counts for rules that prefer. */
static size_t
pick_equal(const struct dispute *d)
{
	size_t at = rule_pick_first(d);

	return at == RULE_NONE ? d->count - 1 : at;
}

/* These lose nothing, or were written for it: also at first contact. */
static bool
makes_value(enum field_rule rule)
{
	return rule == RULE_UNION || rule == RULE_APPEND || rule == RULE_JQ ||
	    rule == RULE_COMMAND;
}

enum rc
rules_decide(struct dispute *d, struct verdict *v, struct err *e)
{
	enum field_rule rule = d->field->rule;

	*v = (struct verdict){ .rule = "changed" };
	sort(d->candidates, d->count);
	if (all_equal(d)) {
		take_pick(d, v, pick_equal(d));
		return RC_OK;
	}
	v->rule = entity_rules[rule];
	if (makes_value(rule))
		return make(d, v, e);
	if (d->first)
		v->rule = entity_rules[RULE_FIRST];
	take_pick(d, v, d->first ? rule_pick_first(d) : rule_pick(d));
	return RC_OK;
}
