/* SPDX-License-Identifier: MIT */
/* Sent to the system, and acknowledged: the adapter and acknowledge.c. */
#include "model.h"

#include <string.h>

void
deliver_moved(struct world *w, size_t system)
{
	for (size_t i = 0; i < WORKERS; i++) {
		struct worker *k = &w->worker[i];

		for (size_t c = 0; c < SLOTS; c++)
			k->look[system].copy[c].stands = 0;
		if (k->job.system == system)
			k->job.unmoved = 0;
	}
}

/* ---- the system's own doing ---- */

static void
write_fields(struct world *w, struct slot *s, const struct job *j)
{
	bool changed = s->life != LIFE_LIVE;
	uint8_t value;

	for (size_t f = 0; f < FIELDS; f++) {
		if (!(j->sent & 1u << f))
			continue;
		value = world_form(w, j->system, j->field[f].value);
		if (s->field[f].value == value) {
			s->field[f].edits |= j->field[f].edits;
			continue;
		}
		changed = true;
		s->before[f] = s->field[f].value;
		s->ours |= (uint8_t)(1u << f);
		s->field[f] = (struct cell){ value, j->field[f].edits };
	}
	if (changed)
		s->time = world_tick(w);
}

static bool
has_all(const struct slot *s, const struct job *j)
{
	bool all = j->kind == KIND_UPDATE;

	for (size_t f = 0; f < FIELDS; f++)
		all &= !(j->sent & 1u << f) ||
		    s->field[f].value == j->field[f].value;
	return all;
}

static bool
is_stale(const struct slot *s, const struct job *j)
{
	if (!holds(RULE_COMPARE) || s->time == j->version)
		return false;
	if (j->repeat)
		return !has_all(s, j);
	if (j->kind == KIND_ARCHIVE)
		return true;
	for (size_t f = 0; f < FIELDS; f++)
		if (j->sent & 1u << f &&
		    s->field[f].value != j->expected[f])
			return true;
	return false;
}

static size_t find_own(const struct world *w, const struct job *j);

static enum result
change(struct world *w, struct job *j)
{
	size_t id = j->id == SLOTS ? find_own(w, j) : j->id;
	struct slot *s = &w->slot[j->system][id];

	if (id == SLOTS)
		return RESULT_DONE; /* it never came to be */
	j->id = (uint8_t)id;
	if (s->life == LIFE_GONE || s->life == LIFE_NONE)
		return RESULT_GONE;
	if (is_stale(s, j))
		return RESULT_STALE;
	if (j->kind == KIND_UPDATE && s->life == LIFE_ARCHIVED &&
	    holds(RULE_ARCHIVED))
		return RESULT_GONE;
	if (j->kind == KIND_UPDATE) {
		write_fields(w, s, j);
	} else if (s->life == LIFE_LIVE) {
		s->life = LIFE_ARCHIVED;
		s->time = world_tick(w);
		if (w->lives)
			w->astray = ASTRAY_ARCHIVED;
	}
	j->time = s->time;
	return RESULT_DONE;
}

/* By the id it had there, then by our uid. */
static size_t
find_own(const struct world *w, const struct job *j)
{
	const struct slot *s = w->slot[j->system];

	if (!holds(RULE_OWN_UID))
		return SLOTS;
	if (j->id < SLOTS && (s[j->id].life == LIFE_LIVE ||
	    s[j->id].life == LIFE_ARCHIVED))
		return j->id;
	for (size_t i = 0; i < SLOTS; i++)
		if (s[i].stamped && (s[i].life == LIFE_LIVE ||
		    s[i].life == LIFE_ARCHIVED))
			return i;
	return SLOTS;
}

static enum result
create(struct world *w, struct job *j)
{
	size_t id = find_own(w, j);
	struct slot *s;

	/* it died again since */
	if (id < SLOTS && id == j->id && j->repeat &&
	    w->slot[j->system][id].time != j->version) {
		j->id = (uint8_t)id;
		return RESULT_EXISTS;
	}
	if (id < SLOTS && (w->slot[j->system][id].life == LIFE_LIVE ||
	    (id != j->id && holds(RULE_REVIVE)))) {
		j->id = (uint8_t)id;
		return RESULT_EXISTS;
	}
	for (size_t i = 0; id == SLOTS && i < SLOTS; i++)
		if (!w->slot[j->system][i].life)
			id = i;
	if (id == SLOTS)
		return RESULT_NONE; /* the model's end, not a system's */
	s = &w->slot[j->system][id];
	write_fields(w, s, j);
	s->life = LIFE_LIVE;
	s->stamped = 1;
	s->ours |= REVIVED;
	j->id = (uint8_t)id;
	j->time = s->time;
	return RESULT_DONE;
}

bool
deliver_send(struct world *w, size_t worker, enum fate fate)
{
	struct job *j = &w->worker[worker].job;
	enum result result = RESULT_UNKNOWN;

	if (j->stage != JOB_CLAIMED || j->kind == KIND_NOTHING ||
	    (fate && !w->crashes))
		return false;
	w->crashes -= fate != FATE_DONE;
	if (fate != FATE_LOST)
		result = j->kind == KIND_CREATE ? create(w, j) : change(w, j);
	if (result == RESULT_NONE)
		return false;
	j->result = (uint8_t)(fate ? RESULT_UNKNOWN : result);
	j->stage = JOB_SENT;
	return true;
}

/* ---- acknowledging ---- */

static void
link_live(struct world *w, size_t system, size_t id, bool live)
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
	l->since = world_tick(w);
}

static bool
moved_meanwhile(const struct job *j, const struct side *s)
{
	return holds(RULE_ACK_LATER) && s->life && j->had_side &&
	    !j->unmoved && s->time > j->time;
}

static void
add_side(struct side *s, size_t id)
{
	if (!s->life)
		memset(s->value, NEVER, sizeof s->value);
	s->id = (uint8_t)id;
	s->life = LIFE_LIVE;
}

static void
move_version(struct side *s, const struct job *j)
{
	s->version = j->time;
	if (j->time > s->time)
		s->time = j->time;
}

static void
written(struct world *w, const struct job *j)
{
	struct side *s = &w->side[j->system];

	if (moved_meanwhile(j, s))
		return;
	add_side(s, j->id);
	for (size_t f = 0; f < FIELDS; f++) {
		if (holds(RULE_ACK_FIELDS) && !(j->sent & 1u << f))
			continue;
		s->sent[f] = 0;
		s->value[f] = holds(RULE_ACK_FIELDS) ? j->field[f].value :
		    w->agreed.field[f].value;
	}
	move_version(s, j);
	deliver_moved(w, j->system);
	link_live(w, j->system, j->id, true);
	/* whoever read it then did not know it, and let it pass */
	if (j->overtaken && j->kind == KIND_CREATE)
		w->todo[j->system] |= (uint8_t)(1u << j->id);
}

static void
removed(struct world *w, const struct job *j)
{
	struct side *s = &w->side[j->system];

	if (!s->life)
		return;
	s->life = LIFE_ARCHIVED;
	move_version(s, j);
	deliver_moved(w, j->system);
	link_live(w, j->system, j->id, false);
}

static void
exists(struct world *w, const struct job *j)
{
	add_side(&w->side[j->system], j->id);
	link_live(w, j->system, j->id, true);
	deliver_moved(w, j->system);
	w->todo[j->system] |= (uint8_t)(1u << j->id);
}

static bool
still_differs(const struct world *w, size_t system)
{
	const struct side *s = &w->side[system];
	bool there = s->life == LIFE_LIVE, differs = false;

	if (w->agreed.life != LIFE_LIVE)
		return there;
	for (size_t f = 0; f < FIELDS; f++)
		differs |= claim_sends(w, s, f);
	return !there || differs;
}

/* Somebody else took it over since: what is known of it is his. */
static bool
is_taken(const struct entry *o, const struct job *j, size_t worker)
{
	if (!holds(RULE_CLAIM))
		return false;
	if (j->kind == KIND_NOTHING)
		return (o->lease && o->lease != LEASE_DEAD) ||
		    memcmp(&o->flight, &j->before, sizeof j->before) != 0;
	return o->claimant != worker + 1;
}

static void
put_back(struct world *w, const struct job *j, bool unknown)
{
	struct entry *o = &w->outbox[j->system];

	if (!o->there || j->taken)
		return;
	o->claimant = 0;
	o->lease = LEASE_NONE;
	o->intent = o->intent && (unknown || j->before.made);
	if (!unknown)
		o->flight = j->before;
	if (o->flight.fields && j->kind != KIND_NOTHING)
		o->flight.since = world_tick(w);
}

static void
settle_entry(struct world *w, const struct job *j)
{
	struct entry *o = &w->outbox[j->system];
	struct job known = *j;

	if (j->kind != KIND_NOTHING || j->before.fields == FLIGHT)
		memset(&known.before, 0, sizeof known.before);
	if (j->taken || known.before.fields || still_differs(w, j->system))
		put_back(w, &known, false);
	else
		memset(o, 0, sizeof *o);
}

static void
done(struct world *w, const struct job *j)
{
	if (j->kind == KIND_ARCHIVE)
		removed(w, j);
	else if (j->kind != KIND_NOTHING)
		written(w, j);
	settle_entry(w, j);
}

bool
deliver_acknowledge(struct world *w, size_t worker)
{
	struct job j = w->worker[worker].job;
	const struct entry *o = &w->outbox[j.system];

	if (j.stage != JOB_SENT &&
	    !(j.stage == JOB_CLAIMED && j.kind == KIND_NOTHING))
		return false;
	memset(&w->worker[worker].job, 0, sizeof j);
	j.taken = is_taken(o, &j, worker);
	switch (j.result) {
	case RESULT_NONE:
	case RESULT_DONE:
		done(w, &j);
		break;
	case RESULT_EXISTS:
		exists(w, &j);
		put_back(w, &j, false);
		break;
	case RESULT_UNKNOWN:
		put_back(w, &j, true);
		break;
	default:
		w->todo[j.system] |= (uint8_t)(1u << j.id);
		put_back(w, &j, false);
	}
	return true;
}
