/* SPDX-License-Identifier: MIT */
/* What is sent: agreed minus the shadow; crm-load's claim.c. */
#include "model.h"

#include <string.h>

static uint8_t
side_value(const struct side *s, size_t field)
{
	return s->value[field] == NEVER ? 0 : s->value[field];
}

bool
claim_sends(const struct world *w, const struct side *s, size_t field)
{
	if (w->agreed.conflict & 1u << field && holds(RULE_IN_REVIEW))
		return false;
	return w->agreed.field[field].value !=
	    (s ? side_stands_for(s, field) : 0);
}

bool
worker_idle(const struct world *w, size_t worker)
{
	const struct worker *k = &w->worker[worker];

	for (size_t s = 0; s < SYSTEMS; s++)
		if (k->look[s].stage)
			return false;
	return !k->job.stage;
}

/* Nothing it ever showed: writing would be blind. */
static bool
is_blind(const struct side *s)
{
	return s->life == LIFE_LIVE && !s->version && s->value[0] == NEVER &&
	    s->value[1] == NEVER;
}

static enum kind
choose_kind(const struct world *w, const struct side *s, bool made)
{
	bool there = s->life == LIFE_LIVE;

	if (w->agreed.life == LIFE_LIVE)
		return there ? KIND_UPDATE : KIND_CREATE;
	return there || made ? KIND_ARCHIVE : KIND_NOTHING;
}

static void
take_fields(const struct world *w, const struct side *s, struct job *j)
{
	bool there = s->life == LIFE_LIVE, known = s->life != LIFE_NONE;

	for (size_t f = 0; f < FIELDS; f++) {
		if (!claim_sends(w, there ? s : NULL, f) &&
		    !(known && !there && claim_sends(w, s, f)))
			continue;
		j->sent |= (uint8_t)(1u << f);
		j->field[f] = w->agreed.field[f];
		if (there)
			j->expected[f] = side_value(s, f);
	}
}

/* What may be there is written again, even if nothing differs any more. */
static void
take_flown(const struct world *w, const struct entry *o, struct job *j)
{
	const struct side *s = &w->side[j->system];

	for (size_t f = 0; f < FIELDS && s->life == LIFE_LIVE; f++) {
		if (!(o->flight.fields & 1u << f) ||
		    w->agreed.conflict & 1u << f)
			continue;
		j->sent |= (uint8_t)(1u << f);
		j->field[f] = w->agreed.field[f];
		j->expected[f] = side_value(s, f);
	}
}

static void
take_frozen(const struct entry *o, struct job *j)
{
	j->sent = o->frozen;
	memcpy(j->field, o->field, sizeof j->field);
	memcpy(j->expected, o->expected, sizeof j->expected);
}

static void
build(const struct world *w, struct job *j)
{
	const struct side *s = &w->side[j->system];

	j->kind = (uint8_t)choose_kind(w, s,
	    w->outbox[j->system].intent);
	if (j->kind == KIND_NOTHING)
		return;
	j->id = s->life ? s->id : SLOTS; /* none: found by our uid */
	j->version = s->life == LIFE_LIVE || j->repeat ? s->version : 0;
	j->had_side = s->life == LIFE_LIVE;
	if (j->kind == KIND_ARCHIVE)
		return;
	if (holds(RULE_AT_SENDING))
		take_fields(w, s, j);
	else
		take_frozen(&w->outbox[j->system], j);
	take_flown(w, &w->outbox[j->system], j);
	if (!j->sent)
		j->kind = KIND_NOTHING;
}

/* Without RULE_DEAD_CLAIM what was claimed is taken for delivered. */
static bool
believe(struct world *w, size_t system)
{
	struct side *s = &w->side[system];

	for (size_t f = 0; f < FIELDS; f++)
		if (s->life == LIFE_LIVE && claim_sends(w, s, f))
			s->value[f] = w->agreed.field[f].value;
	memset(&w->outbox[system], 0, sizeof w->outbox[system]);
	deliver_moved(w, system);
	return true;
}

void
claim_would(const struct world *w, size_t system, struct job *j)
{
	const struct entry *o = &w->outbox[system];

	*j = (struct job){ .stage = JOB_COMPUTED, .system = (uint8_t)system,
		.stands = 1, .unmoved = 1, .id = SLOTS, .before = o->flight,
		.repeat = o->flight.fields && holds(RULE_STRICT) };
	build(w, j);
}

/* What was made or removed since the backup is not known to its state. */
static bool
is_held(const struct world *w, const struct job *j)
{
	return holds(RULE_HOLD) && backup_waits(w) &&
	    j->kind != KIND_NOTHING && j->kind != KIND_UPDATE;
}

static bool
is_proposed(const struct world *w, const struct entry *o)
{
	return holds(RULE_RELEASED) && w->modes & MODE_PROPOSE &&
	    !o->released;
}

bool
claim_compute(struct world *w, size_t worker, size_t system, bool line)
{
	const struct entry *o = &w->outbox[system];
	struct job j;

	if (!worker_idle(w, worker) || !o->there ||
	    is_blind(&w->side[system]))
		return false;
	if (o->lease && o->lease != LEASE_DEAD)
		return false;
	if (o->lease && !holds(RULE_DEAD_CLAIM))
		return believe(w, system);
	if (!line && is_proposed(w, o))
		return false;
	claim_would(w, system, &j);
	if (is_held(w, &j) || (line && !release_is_said(w, system, &j)))
		return false;
	if (line) {
		w->outbox[system].said = w->line[system].said;
		memset(&w->line[system], 0, sizeof w->line[system]);
	}
	if (j.sent & w->agreed.conflict && holds(RULE_AT_SENDING))
		w->astray = ASTRAY_REVIEW;
	w->worker[worker].job = j;
	return true;
}

/* False: more values than can be kept may be there by now. */
static bool
add_value(struct flight *a, size_t f, uint8_t value)
{
	uint8_t *v = a->value[f];
	bool known = a->fields & 1u << f;

	if (known && (v[0] == value || v[1] == value))
		return true;
	if (known && v[0] != v[1])
		return false;
	if (!known)
		v[0] = value;
	v[1] = value;
	return true;
}

/* What was compared before does not stand beside what now leaves us. */
static bool
fly(struct world *w, struct job *j)
{
	struct entry *o = &w->outbox[j->system];
	struct flight a = o->flight;

	for (size_t f = 0; f < FIELDS; f++)
		if (j->sent & 1u << f && !add_value(&a, f, j->field[f].value))
			return false;
	a.made |= j->kind == KIND_CREATE && j->id == SLOTS &&
	    holds(RULE_INTENT);
	a.fields |= j->sent | FLIGHT;
	deliver_moved(w, j->system);
	j->unmoved = 1;
	a.since = world_tick(w);
	o->flight = a;
	return true;
}

bool
claim_take(struct world *w, size_t worker)
{
	struct job *j = &w->worker[worker].job;
	struct entry *o = &w->outbox[j->system];

	if (j->stage != JOB_COMPUTED)
		return false;
	j->stage = JOB_CLAIMED;
	if (!holds(RULE_CLAIM))
		return true;
	if (!o->there || !j->stands || (o->lease && o->lease != LEASE_DEAD) ||
	    memcmp(&o->flight, &j->before, sizeof j->before) != 0) {
		memset(j, 0, sizeof *j);
		return true;
	}
	if (j->kind == KIND_NOTHING)
		return true;
	if (holds(RULE_FLIGHT) && !fly(w, j)) {
		memset(j, 0, sizeof *j);
		return true;
	}
	if (w->modes & MODE_PROPOSE)
		release_send(w, j);
	o->lease = o->claimant = (uint8_t)(worker + 1);
	if (j->kind == KIND_CREATE && holds(RULE_INTENT))
		o->intent = 1;
	return true;
}

/* What is read from now on shows what became of it. */
static void
lose_claim(struct world *w, size_t system)
{
	struct entry *o = &w->outbox[system];

	o->lease = LEASE_DEAD;
	if (o->flight.fields)
		o->flight.since = world_tick(w);
}

bool
worker_die(struct world *w, size_t worker)
{
	if (!w->crashes || worker_idle(w, worker))
		return false;
	w->crashes--;
	memset(&w->worker[worker], 0, sizeof w->worker[worker]);
	for (size_t s = 0; s < SYSTEMS; s++)
		if (w->outbox[s].lease == worker + 1)
			lose_claim(w, s);
	return true;
}

bool
worker_stall(struct world *w, size_t worker)
{
	const struct job *j = &w->worker[worker].job;

	if (!w->stalls || !j->stage ||
	    w->outbox[j->system].lease != worker + 1)
		return false;
	w->stalls--;
	lose_claim(w, j->system);
	return true;
}
