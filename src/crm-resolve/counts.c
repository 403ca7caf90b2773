/* SPDX-License-Identifier: MIT */
/* counts: what one run would do to each system, while it is judged. */
#include "resolve.h"

#include "spread_day.h"

#include <stdlib.h>

#include "../lib/hash.h"
#include "../lib/xalloc.h"

size_t
counts_policy_at(const struct resolve *r, const struct policy *p)
{
	size_t at = 0;

	while (r->policy[at] != p)
		at++;
	return at;
}

static size_t
place_of(const struct resolve *r, const struct policy *p, size_t system)
{
	return counts_policy_at(r, p) * LIMIT_SYSTEMS + system;
}

static void
add(struct resolve *r, struct counts *c, enum applied kind, uint64_t n,
    struct span uid)
{
	if (!n)
		return;
	for (size_t i = 0; i < CEILING_EXAMPLES; i++)
		if (!c->example[kind][i].ptr) {
			c->example[kind][i] = arena_dup(&r->arena, uid);
			break;
		}
	c->n[kind] += n;
}

/* Fields this update clears, and those it replaces at first contact. */
static void
count_fields(struct resolve *r, struct counts *c, const struct policy *p,
    const struct decision *d, const struct policy_system *s)
{
	const struct record *rec = &d->record;
	const struct side *side = record_side(rec, s->id);
	uint64_t cleared = 0, first = 0;

	for (size_t i = 0; i < p->entity->field_count; i++) {
		const char *rule = d->why[i].rule;
		size_t at;

		if (!policy_sends(p, s, rec, side, i) ||
		    p->entity->fields[i].derive)
			continue;
		at = policy_field_at(p, i, rec);
		cleared += span_eq(rec->fields[at].value, record_null);
		first += rule && strcmp(rule, "first") == 0;
	}
	add(r, c, APPLIED_CLEARS, cleared, rec->uid);
	add(r, c, APPLIED_FIRST, first, rec->uid);
}

/* Nothing that anybody said: no ceiling is for that. */
static bool
only_derived(const struct policy *p, const struct decision *d,
    const struct target *t)
{
	const struct policy_system *s = &p->systems[t->system];
	const struct record *r = &d->record;

	if (!p->entity->derives || t->op != TARGET_UPDATE ||
	    policy_stamps(p, s, record_side(r, s->id)))
		return false;
	for (size_t i = 0; i < p->entity->field_count; i++)
		if (!p->entity->fields[i].derive &&
		    policy_sends(p, s, r, record_side(r, s->id), i))
			return false;
	return true;
}

void
counts_target(struct resolve *r, const struct policy *p,
    const struct decision *d, const struct target *t)
{
	size_t place = place_of(r, p, t->system);
	struct counts *c = &r->counts[place];
	static const enum applied kind[] = {
		[TARGET_CREATE] = APPLIED_CREATES,
		[TARGET_UPDATE] = APPLIED_UPDATES,
		[TARGET_ARCHIVE] = APPLIED_DELETES,
		[TARGET_DELETE] = APPLIED_DELETES
	};

	if (only_derived(p, d, t))
		return;
	add(r, c, kind[t->op], 1, d->record.uid);
	if (t->op != TARGET_UPDATE)
		return;
	count_fields(r, c, p, d, &p->systems[t->system]);
	spread_count(&r->spread[place], p, d, t);
}

/*
 * A side that suddenly shows less is a storm too, whoever is told: it belongs
 * to what an override is for.
 */
void
counts_gone(struct resolve *r, const struct group *g)
{
	uint64_t entity = hash64(g->entity, 3);

	for (size_t i = 0; i < g->count; i++) {
		const struct observation *o = &g->obs[i];
		struct span system = g->policy->systems[o->system].name;
		struct counts *c = &r->counts[place_of(r, g->policy,
		    o->system)];

		if (!observed_gone(o) || o->moved || o->superseded || o->left)
			continue;
		add(r, c, APPLIED_VANISHED, 1, g->uid);
		c->absent += o->absent;
		r->plan_hash += hash64(o->id, hash64(o->object,
		    hash64(system, entity)));
	}
}

/* ---- the day ---- */

static enum rc
record_spread(struct resolve *r, struct txn *t, size_t policy, size_t system,
    struct err *e)
{
	const struct policy *p = r->policy[policy];
	const struct spread *s = &r->spread[policy * LIMIT_SYSTEMS + system];
	struct span name = p->systems[system].name;
	enum rc rc = RC_OK;

	for (size_t i = 0; i < p->entity->field_count && !rc; i++) {
		struct span field = p->entity->fields[i].name;

		if (r->allowed)
			rc = spread_day_forget(t, p->entity->name, name,
			    field, e);
		else if (s->field && s->field[i])
			rc = spread_day_add(t, p->entity->name, name, field,
			    s->field[i], e);
	}
	return rc;
}

/*
 * With the first batch, so that a run that is killed has counted more than it
 * did, never less.  What a person allowed begins a new day.
 */
enum rc
counts_record(struct resolve *r, struct txn *t, struct err *e)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; i < r->policy_count; i++)
		for (size_t k = 0; k < r->policy[i]->system_count && !rc;
		    k++) {
			struct span entity = r->policy[i]->entity->name;
			const struct policy_system *s =
			    &r->policy[i]->systems[k];
			struct counts *c = &r->counts[i * LIMIT_SYSTEMS + k];
			uint64_t sum = 0;

			if (!s->tally.live)
				c->n[APPLIED_CREATES] = 0;
			for (size_t n = 0; n < APPLIED_KINDS; n++)
				sum += c->n[n];
			if (r->allowed)
				rc = applied_forget(t, entity, s->name, e);
			else if (sum)
				rc = applied_add(t, entity, s->name, c->n,
				    e);
			if (!rc)
				rc = record_spread(r, t, i, k, e);
		}
	return rc;
}

void
counts_new(struct resolve *r)
{
	size_t places = (r->policy_count + 1) * LIMIT_SYSTEMS;

	r->counts = xcalloc(places, sizeof *r->counts);
	r->spread = xcalloc(places, sizeof *r->spread);
}

void
counts_free(struct resolve *r)
{
	for (size_t i = 0; r->spread && i < r->policy_count; i++)
		for (size_t k = 0; k < LIMIT_SYSTEMS; k++)
			spread_free(&r->spread[i * LIMIT_SYSTEMS + k],
			    r->policy[i]->entity->field_count);
	free(r->spread);
	free(r->counts);
}
