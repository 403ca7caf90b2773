/* SPDX-License-Identifier: MIT */
/* A system is read, then compared with its shadow: crm-extract, crm-diff. */
#include "model.h"

#include <string.h>

/* ---- reading ---- */

static bool
is_shown(const struct world *w, const struct look *l, size_t system,
    size_t id)
{
	const struct slot *s = &w->slot[system][id];

	if (s->life != LIFE_LIVE && s->life != LIFE_ARCHIVED)
		return false;
	return l->full || s->time > l->since ||
	    (holds(RULE_TODO) && w->todo[system] & 1u << id);
}

static void
take_copy(struct copy *c, const struct slot *s)
{
	*c = (struct copy){ .shown = 1, .life = s->life, .time = s->time,
		.stamped = s->stamped };
	memcpy(c->field, s->field, sizeof c->field);
}

bool
look_read(struct world *w, size_t worker, size_t system, bool since)
{
	struct look *l = &w->worker[worker].look[system];

	if (l->stage || w->worker[worker].job.stage)
		return false;
	if (since && (!w->delta || !w->lates || !w->was_read[system]))
		return false;
	w->lates -= since;
	l->stage = LOOK_TAKEN;
	l->began = l->taken = world_tick(w);
	l->full = !since && (!w->delta || !w->was_read[system]);
	l->since = since ? l->taken : w->cursor[system];
	if (l->full)
		l->since = 0;
	for (size_t i = 0; i < SLOTS; i++)
		if (is_shown(w, l, system, i))
			take_copy(&l->copy[i], &w->slot[system][i]);
	return true;
}

bool
look_cut(struct world *w, size_t worker, size_t system)
{
	struct look *l = &w->worker[worker].look[system];

	if (l->stage != LOOK_TAKEN || !w->crashes)
		return false;
	w->crashes--;
	memset(l->copy, 0, sizeof l->copy);
	if (holds(RULE_END)) /* nothing of the run is committed */
		memset(&w->worker[worker], 0, sizeof w->worker[worker]);
	return true;
}

/* ---- comparing: sight.c ---- */

static bool
is_older(const struct world *w, const struct look *l, size_t system,
    size_t id)
{
	const struct link *link = &w->link[system][id];
	const struct copy *c = &l->copy[id];

	if (!holds(RULE_OLD_COPY))
		return false;
	if (link->state == LIFE_GONE && l->began <= link->since)
		return true;
	return link->state == LIFE_LIVE && c->time < w->side[system].time;
}

static bool
is_ours_archived(const struct world *w, size_t system, const struct copy *c)
{
	const struct side *s = &w->side[system];

	return s->life == LIFE_ARCHIVED && (c->time <= s->time ||
	    c->time == s->version);
}

static uint8_t
old_value(const struct world *w, size_t system, size_t field)
{
	if (!holds(RULE_BASE))
		return w->agreed.life ? w->agreed.field[field].value : NEVER;
	return w->side[system].life ? w->side[system].value[field] : NEVER;
}

static void
compare_fields(const struct world *w, size_t system, size_t id,
    struct copy *c)
{
	bool known = w->link[system][id].state == LIFE_LIVE;
	bool linked = w->link[system][id].state != LIFE_NONE;

	/* in doubt, all it shows is said */
	if (w->outbox[system].flight.fields & ~FLIGHT &&
	    (linked || c->stamped))
		c->said = (1u << FIELDS) - 1;
	for (size_t f = 0; f < FIELDS; f++) {
		uint8_t old = linked ? old_value(w, system, f) : NEVER;

		if (c->field[f].value != (old == NEVER ? 0 : old))
			c->said |= (uint8_t)(1u << f);
	}
	if (!known)
		c->op = OP_CREATE;
	else if (c->said)
		c->op = OP_UPDATE;
	else if (c->time != w->side[system].version ||
	    w->outbox[system].flight.fields)
		c->op = OP_TOUCH;
}

static void
see(const struct world *w, struct look *l, size_t system, size_t id)
{
	struct copy *c = &l->copy[id];
	bool live = w->link[system][id].state == LIFE_LIVE;

	if (is_older(w, l, system, id)) {
		if (!live && holds(RULE_DIED))
			c->op = OP_AGAIN;
		return;
	}
	if (c->life == LIFE_ARCHIVED) {
		if (live || (!holds(RULE_DELETE_ONCE) &&
		    w->link[system][id].state))
			c->op = OP_DELETE;
		c->dead = !c->op;
		return;
	}
	if (!is_ours_archived(w, system, c))
		compare_fields(w, system, id, c);
}

/* absence.c */
static void
miss(const struct world *w, struct look *l, size_t system, size_t id)
{
	const struct link *link = &w->link[system][id];

	if (!l->full || w->delta || !link->state)
		return;
	if (holds(RULE_DELETE_ONCE) && link->state != LIFE_LIVE)
		return;
	if (holds(RULE_ABSENT_OLDER) && link->since >= l->began)
		return;
	l->copy[id].op = OP_DELETE;
}

/* A get by id says whether what a late copy says of life is so. */
static void
confirm(const struct world *w, struct look *l, size_t system, size_t id)
{
	struct copy *c = &l->copy[id];
	bool there = w->slot[system][id].life == LIFE_LIVE;
	bool restore = c->op == OP_CREATE && w->link[system][id].state;

	if (!holds(RULE_BY_ID))
		return;
	if ((c->op == OP_DELETE && there) || (restore && !there))
		c->op = OP_NONE;
}

bool
look_compare(struct world *w, size_t worker, size_t system, bool late)
{
	struct look *l = &w->worker[worker].look[system];

	if (l->stage != LOOK_TAKEN || (late && !w->lates))
		return false;
	w->lates -= late;
	if (late)
		l->began = world_tick(w);
	l->stage = LOOK_COMPARED;
	for (size_t i = 0; i < SLOTS; i++) {
		if (l->copy[i].shown)
			see(w, l, system, i);
		else
			miss(w, l, system, i);
		if (late)
			confirm(w, l, system, i);
		l->copy[i].has_base = w->side[system].life != LIFE_NONE &&
		    w->link[system][i].state != LIFE_NONE;
		l->copy[i].stands = 1;
	}
	return true;
}
