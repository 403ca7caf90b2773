/* SPDX-License-Identifier: MIT */
#include "unread.h"

#include "../lib/clock.h"
#include "../lib/outbox.h"
#include "../lib/recall.h"

static enum rc
recall_waiting(void *arg, struct span uid, struct err *e)
{
	struct intake *n = arg;

	n->r->waited = true;
	return intake_spool(n, SPOOLED_LINKED, uid, SPAN(""), e);
}

enum rc
unread_recall(struct intake *n, size_t system, struct err *e)
{
	struct policy_system *s = &n->policy->systems[system];

	s->fresh = true;
	s->late = clock_parse(n->covers, &s->covers);
	if (!s->late) /* what came while it was read may not be seen */
		s->covers = n->head.began ? n->head.began + 1 : 0;
	return recall_each_for(&n->txn, s->name, n->policy->entity->name,
	    recall_waiting, n, e);
}

/*
 * Was it not read, or not up to now, or not all of it?  An export is never
 * read.
 */
static bool
lags(const struct policy_system *s)
{
	return s->enabled && s->mapping && s->read &&
	    (!s->fresh || s->covers || s->garbled) && s->kind &&
	    !(s->kind->caps & CAP_WRITE_ONCE);
}

/* Of what was there at `shown` before it was read now, nothing is asked. */
static bool
any_lags(const struct policy *p, int64_t shown)
{
	for (size_t i = 0; i < p->system_count; i++) {
		const struct policy_system *s = &p->systems[i];

		if (lags(s) && (!s->fresh || s->late || s->garbled ||
		    shown >= s->covers))
			return true;
	}
	return false;
}

/* Would a create there be blind of one that was there at `since` (0: nobody
 * knows)?  What was read since then would have shown another one. */
static bool
is_blind(const struct policy_system *s, int64_t since)
{
	if (!lags(s))
		return false;
	return s->garbled || !since || since >= (s->fresh ? s->covers :
	    s->read_at);
}

/* By when it was there as this run shows it, if it does: a time to come is
 * none. */
static int64_t
shown_since(const struct group *g)
{
	int64_t since = 0;

	for (size_t i = 0; i < g->count; i++) {
		const struct observation *o = &g->obs[i];
		int64_t at = o->modified && o->modified <= g->policy->now ?
		    o->modified : o->began;

		if (!observed_gone(o) && (!since || at < since))
			since = at;
	}
	return since;
}

/* When it was first seen anywhere, as far as its links tell; 0: never. */
static enum rc
first_seen(struct group *g, struct txn *t, const struct record *r,
    int64_t *since, struct err *e)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; i < r->side_count && !rc; i++) {
		const struct side *s = &r->sides[i];
		struct source src = { g->entity, name_of(t->state, s->system),
			s->object, s->id };
		struct link link;

		if (s->life != LIFE_LIVE)
			continue;
		rc = link_get(t, &src, &link, &g->arena, e);
		if (!rc && (!*since || link.since < *since))
			*since = link.since;
		rc = rc == RC_END ? RC_OK : rc;
	}
	return rc;
}

/* A create that was decided before stays. */
static enum rc
is_pending(struct group *g, struct txn *t, size_t system, bool *is,
    struct err *e)
{
	struct outbox o;
	enum rc rc = outbox_get(t, g->policy->systems[system].name,
	    g->entity, g->uid, &o, e);

	*is = rc == RC_OK;
	return rc == RC_END ? RC_OK : rc;
}

/* Nor is one sent of what may stand there unread, unless it has left. */
static enum rc
withhold(struct group *g, struct txn *t, size_t system, struct err *e)
{
	struct outbox o;
	enum rc rc = outbox_get(t, g->policy->systems[system].name,
	    g->entity, g->uid, &o, e);

	g->withheld |= rc == RC_OK && !o.lease && !o.intent;
	return rc == RC_END ? RC_OK : rc;
}

static bool
lives_in(const struct record *r, uint32_t system)
{
	const struct side *s = record_side(r, system);

	return s && s->life == LIFE_LIVE;
}

/*
 * Would a create there be blind?  So it is also of one that waits for the
 * system, which is not read now: it may stand there, and could not be used.
 */
static enum rc
find_blind(struct group *g, struct txn *t, const struct policy_system *s,
    int64_t since, bool *blind, struct err *e)
{
	*blind = is_blind(s, since);
	if (*blind || s->fresh || !lags(s))
		return RC_OK;
	return recall_waits_for(t, s->name, g->entity, g->uid, blind, e);
}

enum rc
unread_hold(struct group *g, struct txn *t, struct err *e)
{
	const struct policy *p = g->policy;
	struct record r;
	int64_t since = 0, shown = shown_since(g);
	enum rc rc;

	g->unread = NULL;
	g->withheld = false;
	if (!any_lags(p, shown) && !g->unreadable)
		return RC_OK;
	rc = record_load(t, g->entity, g->uid, p->ids, p->id_count,
	    &g->arena, &r, e);
	if (!rc)
		rc = first_seen(g, t, &r, &since, e);
	g->unread = arena_zero(&g->arena, p->system_count + 1);
	if (!g->held)
		g->held = arena_zero(&g->arena, p->system_count + 1);
	for (size_t i = 0; i < p->system_count && !rc; i++) {
		const struct policy_system *s = &p->systems[i];
		bool pending = false, seen = g->unreadable >> i & 1;
		bool blind = seen;
		int64_t first = since ? since : s->fresh ? shown : 0;

		if (lives_in(&r, s->id))
			continue;
		if (!seen)
			rc = find_blind(g, t, s, first, &blind, e);
		if (!rc && blind)
			rc = seen ? withhold(g, t, i, e) :
			    is_pending(g, t, i, &pending, e);
		if (rc || pending || !blind)
			continue;
		g->unread[i] = g->held[i] = true;
	}
	return rc;
}

enum rc
unread_put(struct resolve *r, struct group *g, struct txn *t,
    const struct decision *d, struct err *e)
{
	const struct policy *p = g->policy;
	enum rc rc = RC_OK;

	for (size_t i = 0; i < p->system_count && !rc; i++) {
		struct span system = p->systems[i].name;
		bool waits = g->unread && g->unread[i] &&
		    d->record.life == LIFE_LIVE &&
		    !lives_in(&d->record, p->systems[i].id);

		if (waits)
			rc = recall_put_for(t, system, g->entity, g->uid, e);
		p->systems[i].alike += waits && g->rejected >> i & 1;
		p->systems[i].waiting += waits && p->systems[i].fresh &&
		    !(g->unreadable >> i & 1);
		if (waits)
			continue;
		if (r->waited && g->recalled && p->systems[i].fresh)
			rc = recall_del_for(t, system, g->entity, g->uid, e);
	}
	return rc;
}

void
unread_tell(struct resolve *r)
{
	static const char late[] = "%llu are new, and may be there already: "
	    "they are created once it shows what came to it until now; run "
	    "again in some minutes", soon[] = "%llu are new since it was "
	    "read, and may be there by now: the next run looks, and creates "
	    "them", alike[] = "%llu are not created there: each may be a "
	    "record that could not be processed (see the rejects); once that "
	    "is mended the next run tells", garbled[] = "%llu are not created "
	    "there: each may be in a line that could not be read (see the "
	    "rejects); once those are mended the next run tells";

	for (size_t i = 0; i < r->policy_count; i++)
		for (size_t k = 0; k < r->policy[i]->system_count; k++) {
			const struct policy_system *s =
			    &r->policy[i]->systems[k];
			struct where w = { .system = s->name,
				.object = s->object };

			if (s->waiting)
				run_notice(&r->run, &w, s->garbled ? garbled :
				    s->late ? late : soon,
				    (unsigned long long)s->waiting);
			if (s->alike)
				run_notice(&r->run, &w, alike,
				    (unsigned long long)s->alike);
		}
}
