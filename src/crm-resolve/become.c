/* SPDX-License-Identifier: MIT */
#include "become.h"

#include "../lib/clock.h"
#include "../lib/conversion.h"
#include "../lib/redirect.h"
#include "../lib/review.h"

/* ---- what it became ---- */

/* It is there, but nobody knows as what: it is not created there, too. */
static void
put_off(struct group *g, struct observation *o, const char *why)
{
	o->relinked = true;
	o->todo = why;
	if (o->system < LIMIT_SYSTEMS)
		g->unreadable |= (uint64_t)1 << o->system;
}

/* While all is judged, what this run will have linked is not linked yet. */
static bool
may_come(const struct resolve *r, const struct group *g,
    const struct observation *o)
{
	struct span system = g->policy->systems[o->system].name;

	for (size_t i = 0; i < r->policy_count && !r->judged; i++) {
		size_t at = policy_system_find(r->policy[i], system);

		if (r->policy[i] != g->policy && at != SIZE_MAX &&
		    r->unlinked[i][at])
			return true;
	}
	return false;
}

/* Where this run reads other entities of that system. */
static size_t
find_places(const struct resolve *r, struct span system,
    struct conversion_place *places)
{
	size_t n = 0;

	for (size_t i = 0; i < r->policy_count; i++) {
		const struct policy *p = r->policy[i];
		size_t at = policy_system_find(p, system);

		if (at != SIZE_MAX)
			places[n++] = (struct conversion_place){
				p->entity->name, p->systems[at].object };
	}
	return n;
}

static enum rc
look(struct resolve *r, struct group *g, struct txn *t,
    struct observation *o, struct err *e)
{
	struct conversion_place places[LIMIT_SYSTEMS];
	struct conversion_from f = {
		.system = g->policy->systems[o->system].name,
		.into = o->converted_into, .places = places };
	struct err why;
	struct buf b;
	bool known;
	enum rc rc;

	f.count = find_places(r, f.system, places);
	buf_init(&b, LIMIT_LINE, "conversion");
	rc = conversion_resolve(t, &f, &g->arena, &b, &known, e);
	o->became = arena_dup(&g->arena, buf_view(&b));
	buf_free(&b);
	if (rc)
		return rc;
	if (!known && !may_come(r, g, o))
		put_off(g, o, "converted into a record that is not known");
	rc = redirect_may_move(t, g->policy, g->uid, &why);
	if (rc == RC_RECORD)
		put_off(g, o, "converted while something is delivered");
	else if (rc)
		*e = why;
	return rc == RC_RECORD ? RC_OK : rc;
}

static enum rc
look_back(struct group *g, struct txn *t, struct observation *o,
    struct err *e)
{
	enum rc rc = conversion_find(t, g->entity, g->uid,
	    g->policy->systems[o->system].name, e);

	o->unconverted = rc == RC_OK;
	return rc == RC_END ? RC_OK : rc;
}

enum rc
become_look(struct resolve *r, struct group *g, struct txn *t,
    struct err *e)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; i < g->count && !rc; i++) {
		struct observation *o = &g->obs[i];

		if (o->op == OBSERVED_CONVERT)
			rc = look(r, g, t, o, e);
		else if (o->op == OBSERVED_CREATE && o->has_base)
			rc = look_back(g, t, o, e);
	}
	return rc;
}

/* ---- keeping it ---- */

static enum rc
put_left(struct group *g, struct txn *t, const struct side *left,
    struct err *e)
{
	struct review r = { .entity = g->entity, .uid = g->uid,
		.subject = hash128(g->uid, 2), .open = true,
		.system = name_of(t->state, left->system), .id = left->id,
		.why = SPAN("conversion"), .since = clock_now() };

	return review_put(t, &r, e);
}

static enum rc
keep(struct group *g, struct txn *t, const struct observation *o,
    struct err *e)
{
	struct source s = { g->entity, g->policy->systems[o->system].name,
		o->object, o->id };

	if (o->moved || o->superseded)
		return RC_OK;
	if (o->op == OBSERVED_CONVERT)
		return conversion_put(t, &s, g->uid, o->converted_into, e);
	return o->unconverted ? conversion_del(t, &s, g->uid, e) : RC_OK;
}

enum rc
become_follow(struct group *g, struct txn *t, const struct decision *d,
    struct err *e)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; i < g->count && !rc; i++)
		rc = keep(g, t, &g->obs[i], e);
	return rc || !d->left ? rc : put_left(g, t, d->left, e);
}

void
become_put(struct buf *b, const struct policy *p,
    const struct observation *obs, size_t n)
{
	size_t said = 0;

	for (size_t i = 0; i < n; i++) {
		const struct observation *o = &obs[i];

		if (o->op != OBSERVED_CONVERT || o->moved || o->superseded)
			continue;
		buf_putc(b, said++ ? ',' : '{');
		json_put_string(b, p->systems[o->system].name);
		buf_putc(b, ':');
		buf_span(b, o->became);
	}
	buf_putc(b, '}');
}

bool
become_line(struct buf *b, const struct txn *t, const struct group *g,
    const struct decision *d)
{
	if (!d->left)
		return false;
	BUF_LIT(b, "{\"type\":\"conflict\"");
	json_put_text(b, "entity", g->entity);
	json_put_text(b, "uid", g->uid);
	json_put_text(b, "kind", SPAN("identity"));
	json_put_text(b, "system", name_of(t->state, d->left->system));
	json_put_text(b, "id", d->left->id);
	json_put_text(b, "match", SPAN("conversion"));
	BUF_LIT(b, ",\"candidates\":[],\"converted_into\":");
	become_put(b, g->policy, g->obs, g->count);
	buf_putc(b, '}');
	return true;
}
