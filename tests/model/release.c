/* SPDX-License-Identifier: MIT */
/*
 * Under crm-resolve --propose a person releases what is sent: the line that he
 * lets through to a loader, or approves (crm-state approve -f), which is of the
 * one decision he saw: apply.c, crm-load's gather.c, claim.c and said.c.
 *
 * One line for each system is kept; a newer plan is looked at once that is
 * thrown away.
 */
#include "model.h"

#include <string.h>

static void
say(const struct world *w, size_t system, struct said *said)
{
	struct job j;

	claim_would(w, system, &j);
	*said = (struct said){ .kind = j.kind, .sent = j.sent };
	for (size_t f = 0; f < FIELDS; f++)
		if (j.sent & 1u << f) {
			said->value[f] = j.field[f].value;
			said->over[f] = j.expected[f];
		}
}

bool
release_retract(struct world *w, size_t system)
{
	struct entry *o = &w->outbox[system];

	if (o->version == w->agreed.version)
		return false;
	o->version = w->agreed.version;
	if (holds(RULE_RETRACT))
		o->released = 0;
	return true;
}

void
release_propose(struct world *w, size_t system)
{
	struct line *l = &w->line[system];

	(void)release_retract(w, system);
	if (l->version)
		return;
	l->version = w->agreed.version;
	l->epoch = w->epoch;
	say(w, system, &l->said);
}

/* Is the line of what is pending? */
static bool
is_of(const struct world *w, size_t system)
{
	const struct line *l = &w->line[system];
	const struct entry *o = &w->outbox[system];

	if (!l->version || !o->there)
		return false;
	return (!holds(RULE_EPOCH) || l->epoch == w->epoch) &&
	    (!holds(RULE_VERSION) || l->version == o->version);
}

bool
release_approve(struct world *w, size_t system)
{
	struct line *l = &w->line[system];
	struct entry *o = &w->outbox[system];

	if (!is_of(w, system) || o->released ||
	    (o->lease && o->lease != LEASE_DEAD))
		return false;
	o->released = 1;
	o->said = l->said;
	memset(l, 0, sizeof *l);
	return true;
}

bool
release_throw_away(struct world *w, size_t system)
{
	struct line *l = &w->line[system];

	if (!l->version)
		return false;
	memset(l, 0, sizeof *l);
	return true;
}

/* What was delivered since is said rightly, and all else is said. */
bool
release_is_said(const struct world *w, size_t system, const struct job *j)
{
	const struct said *l = &w->line[system].said;
	bool same = l->kind == j->kind && !(j->sent & ~l->sent);

	for (size_t f = 0; f < FIELDS; f++)
		same &= !(l->sent & 1u << f) ||
		    l->value[f] == w->agreed.field[f].value;
	return same && is_of(w, system);
}

/* Nor is anything written over that he did not see, unless it is ours. */
static bool
is_over(const struct world *w, const struct job *j, size_t field)
{
	const struct said *said = &w->outbox[j->system].said;
	const struct slot *s = w->slot[j->system];

	return said->over[field] == j->expected[field] ||
	    (j->id < SLOTS && s[j->id].ours & 1u << field);
}

void
release_send(struct world *w, const struct job *j)
{
	struct entry *o = &w->outbox[j->system];
	const struct said *said = &o->said;
	bool same = said->kind == j->kind && !(j->sent & ~said->sent);

	for (size_t f = 0; f < FIELDS; f++)
		same &= !(j->sent & 1u << f) || (is_over(w, j, f) &&
		    said->value[f] == j->field[f].value);
	o->released = 1;
	if (!same)
		w->astray = ASTRAY_UNSAID;
}

void
release_all(struct world *w)
{
	for (size_t s = 0; s < SYSTEMS && w->modes & MODE_PROPOSE; s++) {
		struct entry *o = &w->outbox[s];

		if (!o->there || o->released)
			continue;
		o->released = 1;
		say(w, s, &o->said);
	}
}
