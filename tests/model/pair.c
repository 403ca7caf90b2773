/* SPDX-License-Identifier: MIT */
#include "pair.h"

#include <string.h>

/* ---- where it begins ---- */

const char *
pair_root_name(size_t i)
{
	return i ? "X in A only, Y in both; X is to be made in B" :
	    "X and Y in both";
}

static void
link_it(struct pair *p, size_t system, size_t r)
{
	p->place[system][r] = (struct place){ PLACE_LIVE, (uint8_t)(r + 1),
		1 };
	p->shown[system][r] = (struct shown){ 1, (uint8_t)r,
		(uint8_t)(r + 1), 1 };
	p->owner[system][r] = (uint8_t)(r + 1);
}

void
pair_root(struct pair *p, size_t i)
{
	memset(p, 0, sizeof *p);
	p->now = 2;
	p->last = 1;
	for (size_t r = 0; r < RECORDS; r++) {
		p->record[r] = (struct record){ RECORD_LIVE, (uint8_t)(r + 1),
			1 };
		for (size_t s = 0; s < SYSTEMS; s++)
			if (!(i && s == 1 && r == X))
				link_it(p, s, r);
	}
	p->pending[1][X].there = i != 0;
}

/* ---- people ---- */

/* In A; its second one in B, too. */
static bool
edit(struct pair *p, size_t system, size_t id)
{
	struct place *at = &p->place[system][id];

	if (!p->humans || at->life != PLACE_LIVE || (system && id != Y))
		return false;
	if (system && !(p->followed && p->beside))
		return false;
	p->humans--;
	at->time = ++p->now;
	at->value = at->time;
	if (system)
		p->second = at->value;
	else if (id == X)
		p->last = at->value;
	return true;
}

static bool
merge(struct pair *p)
{
	struct place *at = &p->place[0][Y];

	if (!p->humans || at->life != PLACE_LIVE)
		return false;
	p->humans--;
	at->life = PLACE_MERGED;
	at->time = ++p->now;
	return true;
}

/* ---- what follows from a reading ---- */

static bool
differs(const struct pair *p, size_t system, size_t r)
{
	const struct shown *s = &p->shown[system][r];
	const struct record *rec = &p->record[r];

	if (rec->life == RECORD_MERGED)
		return false;
	if (rec->life == RECORD_ARCHIVED)
		return s->live;
	return !s->live || s->value != rec->value;
}

/* While it is claimed nothing of it is cancelled. */
static void
put_pending(struct pair *p)
{
	for (size_t s = 0; s < SYSTEMS; s++)
		for (size_t r = 0; r < RECORDS; r++)
			if (!p->pending[s][r].claimed &&
			    !p->pending[s][r].doubt)
				p->pending[s][r].there = differs(p, s, r);
}

static bool
is_delivering(const struct pair *p)
{
	bool any = false;

	for (size_t s = 0; s < SYSTEMS; s++)
		for (size_t r = 0; r < RECORDS; r++)
			any |= p->pending[s][r].claimed ||
			    p->pending[s][r].doubt;
	return any;
}

/* Y's place in a system where X has none is X's from now on. */
static void
move_side(struct pair *p, size_t system)
{
	struct shown *from = &p->shown[system][Y], *to = &p->shown[system][X];

	if (!from->live)
		return;
	if (to->live || !holds(RULE_MERGE_MOVES)) {
		p->asked = 1;
		return;
	}
	*to = *from;
	p->owner[system][to->id] = X + 1;
	memset(from, 0, sizeof *from);
}

/* redirect_join() */
static void
join(struct pair *p, size_t system)
{
	p->followed = 1;
	p->beside = p->shown[!system][X].live && p->shown[!system][Y].live;
	p->second = p->place[!system][Y].value;
	p->owner[system][Y] = 0;
	memset(&p->shown[system][Y], 0, sizeof p->shown[system][Y]);
	if (!holds(RULE_MERGE)) { /* as if it was deleted */
		p->record[Y].life = RECORD_ARCHIVED;
		return;
	}
	if (holds(RULE_MERGE_ENDS))
		p->record[Y].life = RECORD_MERGED;
	move_side(p, !system);
	for (size_t s = 0; s < SYSTEMS; s++)
		memset(&p->pending[s][Y], 0, sizeof p->pending[s][Y]);
}

/* What was not answered has arrived, or is no matter any more: doubt.h. */
static void
land(struct pair *p, size_t system, size_t r, const struct place *at)
{
	struct pending *o = &p->pending[system][r];
	struct shown *s = &p->shown[system][r];

	if (!o->doubt || at->time == s->time)
		return;
	if (at->value == o->doubt)
		s->value = at->value;
	o->doubt = 0;
}

static void
see_live(struct pair *p, size_t system, size_t id)
{
	const struct place *at = &p->place[system][id];
	size_t r = (size_t)p->owner[system][id] - 1;
	struct shown *s = &p->shown[system][r];
	struct record *rec = &p->record[r];
	bool behind = s->value != rec->value;

	land(p, system, r, at);
	s->time = at->time;
	if (at->value == s->value)
		return;
	s->value = at->value;
	if (at->value == rec->value || rec->life != RECORD_LIVE ||
	    (behind && at->time < rec->time))
		return;
	rec->value = at->value;
	rec->time = at->time;
}

bool
pair_read(struct pair *p, size_t system)
{
	for (size_t id = 0; id < PLACES; id++) {
		const struct place *at = &p->place[system][id];

		/* being sent just now: it is read again (doubt.h) */
		if (!p->owner[system][id] || p->pending[system][
		    p->owner[system][id] - 1].claimed)
			continue;
		if (at->life == PLACE_LIVE)
			see_live(p, system, id);
		else if (at->life == PLACE_MERGED &&
		    (!is_delivering(p) || !holds(RULE_MERGE_WAITS)))
			join(p, system);
	}
	put_pending(p);
	return true;
}

/* ---- a loader ---- */

bool
pair_claim(struct pair *p, size_t system, size_t r)
{
	struct pending *o = &p->pending[system][r];
	const struct shown *s = &p->shown[system][r];
	struct sending *j = &p->sending;

	if (j->stage || !o->there || o->claimed)
		return false;
	if (!differs(p, system, r) && !(o->doubt && s->live &&
	    p->record[r].life == RECORD_LIVE)) {
		memset(o, 0, sizeof *o);
		return true;
	}
	o->claimed = 1;
	*j = (struct sending){ .stage = JOB_CLAIMED,
		.system = (uint8_t)system, .record = (uint8_t)r,
		.kind = p->record[r].life == RECORD_ARCHIVED ? KIND_ARCHIVE :
		    s->live ? KIND_UPDATE : KIND_CREATE,
		.id = s->live ? s->id : PLACES - 1,
		.value = p->record[r].value, .version = s->time,
		.repeat = o->doubt != 0 };
	return true;
}

static enum result
write_place(struct pair *p, struct place *at)
{
	struct sending *j = &p->sending;

	if (j->kind == KIND_CREATE && at->life != PLACE_NONE)
		return RESULT_NONE; /* the model's end */
	if (j->kind != KIND_CREATE && at->life != PLACE_LIVE)
		return RESULT_GONE;
	if (j->kind != KIND_CREATE && at->time != j->version &&
	    !(j->repeat && at->value == j->value))
		return RESULT_STALE;
	if (j->kind != KIND_ARCHIVE)
		at->value = j->value;
	at->life = j->kind == KIND_ARCHIVE ? PLACE_GONE : PLACE_LIVE;
	at->time = ++p->now;
	j->version = at->time;
	p->astray |= p->followed && p->beside && j->system == 1 &&
	    j->id == Y;
	return RESULT_DONE;
}

bool
pair_send(struct pair *p, enum fate fate)
{
	struct sending *j = &p->sending;

	/* what becomes of creates and removals is the other machine's */
	if (j->stage != JOB_CLAIMED || (fate && (!p->crashes ||
	    j->kind != KIND_UPDATE)))
		return false;
	p->crashes -= fate != FATE_DONE;
	if (fate != FATE_LOST)
		j->result = (uint8_t)write_place(p,
		    &p->place[j->system][j->id]);
	if (fate)
		j->result = RESULT_UNKNOWN;
	j->stage = JOB_SENT;
	return true;
}

static void
written(struct pair *p, const struct sending *j)
{
	struct shown *s = &p->shown[j->system][j->record];
	uint8_t *owner = &p->owner[j->system][j->id];

	if (j->kind == KIND_ARCHIVE) {
		s->live = *owner = 0;
		return;
	}
	if (*owner && *owner != j->record + 1)
		return;         /* it is linked to another one by now */
	*owner = (uint8_t)(j->record + 1);
	*s = (struct shown){ 1, j->id, j->value, j->version };
}

bool
pair_acknowledge(struct pair *p)
{
	struct sending j = p->sending;
	struct pending *o = &p->pending[j.system][j.record];

	if (j.stage != JOB_SENT)
		return false;
	memset(&p->sending, 0, sizeof p->sending);
	if (j.result == RESULT_DONE)
		written(p, &j);
	if (j.result == RESULT_DONE || j.result == RESULT_UNKNOWN)
		o->doubt = j.result == RESULT_UNKNOWN ? j.value : 0;
	o->claimed = 0;
	o->there = o->there && (o->doubt || differs(p, j.system, j.record));
	return true;
}

/* ---- steps ---- */

enum { STEPS = 14 };

size_t
pair_steps(void)
{
	return STEPS;
}

bool
pair_take(struct pair *p, size_t step)
{
	switch (step) {
	case 0:
	case 1:
		return edit(p, 0, step);
	case 2:
		return edit(p, 1, Y);
	case 3:
		return merge(p);
	case 4:
	case 5:
		return pair_read(p, step - 4);
	case 6:
	case 7:
	case 8:
	case 9:
		return pair_claim(p, (step - 6) / 2, (step - 6) % 2);
	case 10:
	case 11:
	case 12:
		return pair_send(p, (enum fate)(step - 10));
	default:
		return pair_acknowledge(p);
	}
}

const char *
pair_say(size_t step)
{
	static const char *const text[STEPS] = {
		"a person in A: X set to a new value",
		"a person in A: Y set to a new value",
		"a person in B: the second record set to a new value",
		"a person in A: Y is merged into X",
		"A is read, and decided", "B is read, and decided",
		"X's entry for A is claimed", "Y's entry for A is claimed",
		"X's entry for B is claimed", "Y's entry for B is claimed",
		"it is sent", "it is sent, and the answer is lost",
		"it is sent, and nothing arrives",
		"it is acknowledged",
	};

	return text[step];
}
