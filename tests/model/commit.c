/* SPDX-License-Identifier: MIT */
/* What a worker saw becomes state, in one transaction: apply.c. */
#include "model.h"

#include <string.h>

static void
put_link(struct world *w, size_t system, size_t id, bool live)
{
	struct link *l = &w->link[system][id];
	uint8_t state = live ? LIFE_LIVE : LIFE_GONE;

	if (l->state == state || (!l->state && !live))
		return;
	if (!live && !holds(RULE_TOMBSTONE)) {
		*l = (struct link){ .state = LIFE_NONE };
		return;
	}
	l->state = state;
	l->since = w->now;
}

static void
put_observations(struct world *w, const struct worker *by,
    const struct decision *d)
{
	for (size_t s = 0; s < SYSTEMS; s++)
		for (size_t i = 0; i < SLOTS; i++) {
			uint8_t bit = (uint8_t)(1u << i);
			const struct copy *c = &by->look[s].copy[i];

			/* ours by now: it was made meanwhile */
			if (c->dead && w->link[s][i].state == LIFE_LIVE &&
			    holds(RULE_OVERTAKEN))
				w->todo[s] |= bit;
			if (!c->op)
				continue;
			if (d->moved[s][i] || c->op == OP_AGAIN) {
				w->todo[s] |= bit;
				continue;
			}
			w->todo[s] &= (uint8_t)~bit;
			put_link(w, s, i, c->op != OP_DELETE);
		}
}

static void
freeze(struct world *w, size_t system)
{
	struct entry *o = &w->outbox[system];
	const struct side *s = &w->side[system];
	bool there = s->life == LIFE_LIVE;

	o->frozen = 0;
	for (size_t f = 0; f < FIELDS; f++) {
		if (!claim_sends(w, there ? s : NULL, f))
			continue;
		o->frozen |= (uint8_t)(1u << f);
		o->field[f] = w->agreed.field[f];
		o->expected[f] = there && s->value[f] != NEVER ?
		    s->value[f] : 0;
	}
}

/* What was computed before is not what stands. */
static void
stale_jobs(struct world *w, size_t system)
{
	for (size_t i = 0; i < WORKERS; i++)
		if (w->worker[i].job.stage &&
		    w->worker[i].job.system == system)
			w->worker[i].job.stands = 0;
}

/* While an entry is claimed nothing in it is cancelled. */
static void
put_outbox(struct world *w, size_t system, bool wanted)
{
	struct entry *o = &w->outbox[system];
	bool kept = holds(RULE_KEEP_CLAIMED) && (o->lease || o->intent ||
	    o->flight.fields);

	if (!wanted && !kept)
		memset(o, 0, sizeof *o);
	if (!wanted && o->there && w->modes & MODE_PROPOSE &&
	    release_retract(w, system))
		stale_jobs(w, system);
	if (!wanted)
		return;
	o->there = 1;
	if (w->modes & MODE_PROPOSE)
		release_propose(w, system);
	stale_jobs(w, system);
	if (!holds(RULE_AT_SENDING))
		freeze(w, system);
}

static bool
any_moved(const struct worker *by, const struct decision *d)
{
	bool any = false;

	for (size_t s = 0; s < SYSTEMS; s++)
		for (size_t i = 0; i < SLOTS; i++)
			any |= d->moved[s][i] ||
			    by->look[s].copy[i].op == OP_AGAIN;
	return any;
}

/* Somebody did there what it was to be told. */
static void
drop_reached(struct world *w, size_t system)
{
	const struct side *s = &w->side[system];
	bool there = s->life == LIFE_LIVE, differs = false;

	for (size_t f = 0; f < FIELDS; f++)
		differs |= there && claim_sends(w, s, f);
	if (there == (w->agreed.life == LIFE_LIVE) && !differs)
		put_outbox(w, system, false);
}

/* Whoever makes a record there now: a reader did not know it. */
static void
overtake(struct world *w, size_t system)
{
	for (size_t i = 0; i < WORKERS && holds(RULE_OVERTAKEN); i++) {
		struct job *j = &w->worker[i].job;

		j->overtaken |= j->system == system &&
		    j->kind == KIND_CREATE && j->stage >= JOB_CLAIMED;
	}
}

static void
conclude(struct world *w, const struct look *l, size_t system)
{
	if (l->stage != LOOK_COMPARED)
		return;
	if (l->full)
		w->was_read[system] = 1;
	if (w->modes & MODE_UNREAD)
		w->read_at[system] = l->began;
	if (l->full || l->since <= w->cursor[system] || !holds(RULE_CURSOR))
		w->cursor[system] = l->taken;
	overtake(w, system);
}

/* All there is has been read; what is put on the list now stays. */
static void
clear_todo(struct world *w, const struct worker *by, const struct decision *d)
{
	for (size_t s = 0; s < SYSTEMS; s++)
		if (by->look[s].stage == LOOK_COMPARED && by->look[s].full &&
		    !any_moved(by, d))
			w->todo[s] = 0;
}

/* When it was first seen, as its links tell, or what is shown now; 0: ? */
static uint8_t
first_seen(const struct world *w, const struct worker *by, bool fresh)
{
	uint8_t linked = 0, shown = 0;

	for (size_t s = 0; s < SYSTEMS; s++)
		for (size_t i = 0; i < SLOTS; i++) {
			const struct link *l = &w->link[s][i];
			const struct copy *c = &by->look[s].copy[i];

			if (l->state == LIFE_LIVE && (!linked ||
			    l->since < linked))
				linked = l->since;
			if (c->op && c->op != OP_DELETE && (!shown ||
			    c->time < shown))
				shown = c->time;
		}
	return linked ? linked : fresh ? shown : 0;
}

/* A create there could be of what stands there by now: unread.c. */
static bool
is_blind(const struct world *w, const struct worker *by, size_t system)
{
	const struct look *l = &by->look[system];
	bool fresh = l->stage == LOOK_COMPARED;
	uint8_t since = first_seen(w, by, fresh);

	if (!(w->modes & MODE_UNREAD) || !holds(RULE_UNREAD) ||
	    w->outbox[system].there)
		return false;
	if (!fresh && w->waits[system])
		return true;
	return !since || since >= (fresh ? l->began : w->read_at[system]);
}

static void
put_waits(struct world *w, const struct worker *by, size_t system,
    bool blind)
{
	if (blind && w->agreed.life == LIFE_LIVE &&
	    w->side[system].life != LIFE_LIVE)
		w->waits[system] = 1;
	else if (by->look[system].stage == LOOK_COMPARED)
		w->waits[system] = 0;
}

bool
commit(struct world *w, size_t worker)
{
	struct worker by = w->worker[worker];
	struct decision d = { .changed = false };
	bool recalled = false, any = false, blind[SYSTEMS];

	for (size_t s = 0; s < SYSTEMS; s++) {
		const struct look *l = &by.look[s];

		if (l->stage == LOOK_TAKEN)
			return false;
		any |= l->stage == LOOK_COMPARED;
		blind[s] = is_blind(w, &by, s);
		d.create[s] = (w->was_read[s] || l->full) && !blind[s];
		recalled |= l->full && !w->was_read[s];
		recalled |= l->stage == LOOK_COMPARED && w->waits[s];
	}
	if (!any)
		return false;
	(void)world_tick(w);
	memset(&w->worker[worker], 0, sizeof by);
	decide(w, &by, recalled, &d);
	w->agreed.version += d.changed && w->modes & MODE_PROPOSE;
	clear_todo(w, &by, &d);
	put_observations(w, &by, &d);
	for (size_t s = 0; s < SYSTEMS; s++) {
		if (d.side_changed[s])
			deliver_moved(w, s);
		if (d.changed)
			put_outbox(w, s, d.target[s]);
		else if (d.side_changed[s] && w->modes & MODE_PROPOSE)
			drop_reached(w, s);
		put_waits(w, &by, s, blind[s]);
		conclude(w, &by.look[s], s);
	}
	return true;
}
