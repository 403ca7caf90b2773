/* SPDX-License-Identifier: MIT */
/* Where the search starts, and what people do. */
#include "model.h"

#include <string.h>

enum start { START_SETTLED, START_FIRST, START_BOTH, START_PENDING,
	START_BACKUP, START_MADE, START_BROUGHT_BACK, START_PROPOSE,
	START_PROPOSE_BACKUP, START_FORM, START_CUT, START_CAME,
	STARTS };

static const char *const names[STARTS][2] = {
	{ "linked and equal, listed whole", "linked and equal, by cursor" },
	{ "in A only, nothing read, listed whole",
	    "in A only, nothing read, by cursor" },
	{ "the same customer in both, nothing read, listed whole",
	    "the same customer in both, nothing read, by cursor" },
	{ "linked, an edit of A not yet in B, listed whole",
	    "linked, an edit of A not yet in B, by cursor" },
	{ "linked and equal, as in the backup, listed whole",
	    "linked and equal, as in the backup, by cursor" },
	{ "linked; in the backup B has none, and is to, listed whole",
	    "linked; in the backup B has none, and is to, by cursor" },
	{ "deleted in B and brought back; in the backup A is to follow, "
	    "listed whole", "deleted in B and brought back; in the backup A "
	    "is to follow, by cursor" },
	{ "linked and equal, proposed only, listed whole",
	    "linked and equal, proposed only, by cursor" },
	{ "linked, an edit of A proposed to B; not in the backup, listed "
	    "whole", "linked, an edit of A proposed to B; not in the backup, "
	    "by cursor" },
	{ "linked and equal, in a form of B's own, listed whole",
	    "linked and equal, in a form of B's own, by cursor" },
	{ "linked and equal, held cut in B, listed whole",
	    "linked and equal, held cut in B, by cursor" },
	{ "entered in both since they were read, listed whole",
	    "entered in both since they were read, by cursor" },
};

size_t
world_roots(void)
{
	return 2 * STARTS;
}

const char *
world_root_name(size_t i)
{
	return names[i / 2][i % 2];
}

uint8_t
world_tick(struct world *w)
{
	return ++w->now;
}

uint8_t
world_form(const struct world *w, size_t system, uint8_t value)
{
	return w->modes & (MODE_FORM | MODE_CUT) && system == 1 && value ?
	    value | FORM : value;
}

static void
make_slot(struct world *w, size_t system, bool stamped)
{
	struct slot *s = &w->slot[system][0];

	s->life = LIFE_LIVE;
	s->stamped = stamped;
	s->time = 1;
	for (size_t f = 0; f < FIELDS; f++)
		s->field[f].value = world_form(w, system, 1);
}

/* As after a sync of what there is. */
static void
settle(struct world *w)
{
	w->agreed.life = LIFE_LIVE;
	for (size_t f = 0; f < FIELDS; f++) {
		w->agreed.field[f].value = 1;
		w->agreed.time[f] = 1;
	}
	for (size_t s = 0; s < SYSTEMS; s++) {
		uint8_t held = world_form(w, s, 1), sent = held & FORM ? 1 : 0;

		w->side[s] = (struct side){ .life = LIFE_LIVE, .time = 1,
			.version = 1, .value = { held, held },
			.sent = { sent, sent } };
		w->link[s][0] = (struct link){ LIFE_LIVE, 1 };
		w->cursor[s] = 1;
		w->was_read[s] = 1;
	}
}

/* A person changed A, which is agreed; B is to be told. */
static void
edit_first(struct world *w)
{
	uint8_t now = world_tick(w);

	w->slot[0][0].time = w->side[0].time = w->side[0].version = now;
	w->slot[0][0].field[0] = w->agreed.field[0] = (struct cell){ 2, 1 };
	w->side[0].value[0] = 2;
	w->agreed.time[0] = now;
	w->cursor[0] = w->cursor[1] = now;
	w->edit[w->edits++] = (struct edit){ .kind = 0, .value = 2 };
	w->open = w->real = 1;
	w->outbox[1].there = 1;
	w->outbox[1].frozen = 1;
	w->outbox[1].field[0] = w->agreed.field[0];
	w->outbox[1].expected[0] = 1;
}

/* A person deleted it in B and brought it back, which is known. */
static void
bring_back(struct world *w)
{
	uint8_t now = world_tick(w);

	w->slot[1][0].time = w->side[1].time = w->side[1].version = now;
	w->link[1][0].since = w->cursor[0] = w->cursor[1] = now;
	w->edit[w->edits++] = (struct edit){ .kind = FIELDS, .system = 1 };
	w->edit[w->edits++] = (struct edit){ .kind = FIELDS + 1,
		.system = 1 };
	w->real = 2;
	w->deletes = 1;
}

static uint8_t
modes_of(enum start start)
{
	switch (start) {
	case START_BACKUP:
	case START_MADE:
	case START_BROUGHT_BACK:
		return MODE_BACKUP;
	case START_PROPOSE:
		return MODE_PROPOSE;
	case START_PROPOSE_BACKUP:
		return MODE_BACKUP | MODE_PROPOSE;
	case START_FORM:
		return MODE_FORM;
	case START_CUT:
		return MODE_CUT;
	case START_CAME:
		return MODE_UNREAD;
	default:
		return 0;
	}
}

/* Both were read, and it was in neither. */
static void
come(struct world *w)
{
	for (size_t s = 0; s < SYSTEMS; s++) {
		w->was_read[s] = w->read_at[s] = w->cursor[s] = 1;
		w->slot[s][0].time = world_tick(w);
	}
}

/* The edit has a line. */
static void
propose_first(struct world *w)
{
	edit_first(w);
	w->agreed.version++;
	release_propose(w, 1);
}

static void
begin(struct world *w, size_t i)
{
	enum start start = i / 2;

	memset(w, 0, sizeof *w);
	w->now = 1;
	w->delta = i % 2;
	w->root = (uint8_t)i;
	w->modes = modes_of(start);
	w->backups = (w->modes & MODE_BACKUP) != 0;
	w->agreed.version = (w->modes & MODE_PROPOSE) != 0;
	make_slot(w, 0, false);
	if (start != START_FIRST)
		make_slot(w, 1, start != START_BOTH && start != START_MADE &&
		    start != START_CAME);
	if (start == START_CAME)
		come(w);
	else if (start != START_FIRST && start != START_BOTH)
		settle(w);
}

void
world_root(struct world *w, size_t i)
{
	enum start start = i / 2;

	begin(w, i);
	if (start == START_PENDING)
		edit_first(w);
	else if (start == START_BROUGHT_BACK)
		bring_back(w);
	else if (start == START_PROPOSE_BACKUP)
		propose_first(w);
}

/* As it was when B had none yet, and was to have one. */
static void
unmake(struct world *w)
{
	memset(&w->side[1], 0, sizeof w->side[1]);
	memset(&w->link[1], 0, sizeof w->link[1]);
	w->outbox[1].there = 1;
}

/* As it was when it was deleted in B, and to be archived in A. */
static void
die(struct world *w)
{
	w->agreed.life = LIFE_ARCHIVED;
	w->side[1].life = LIFE_GONE;
	w->link[1][0] = (struct link){ LIFE_GONE, 1 };
	w->outbox[0].there = 1;
}

void
world_backup(struct world *w, size_t i)
{
	begin(w, i);
	if (i / 2 == START_MADE)
		unmake(w);
	if (i / 2 == START_BROUGHT_BACK)
		die(w);
}

/* ---- people ---- */

struct slot *
world_live(struct world *w, size_t system)
{
	for (size_t i = 0; i < SLOTS; i++)
		if (w->slot[system][i].life == LIFE_LIVE)
			return &w->slot[system][i];
	return NULL;
}

/* The other system's, where they come to the same. */
static uint8_t
equal_there(struct world *w, size_t system, size_t field)
{
	const struct slot *s = world_live(w, system);
	const struct slot *other = world_live(w, !system);
	uint8_t value = s->field[field].value;

	return other && (world_form(w, system, other->field[field].value) ==
	    value || world_form(w, !system, value) ==
	    other->field[field].value) ? other->field[field].edits : 0;
}

/* With what the authors of these had seen. */
static uint8_t
and_before(const struct world *w, uint8_t edits)
{
	for (size_t i = 0; i < w->edits; i++)
		if (edits & 1u << i)
			edits |= w->edit[i].seen;
	return edits;
}

/* Whoever replaces a value has seen it, and what is known to be the same. */
static uint8_t
edits_seen(const struct world *w, size_t system, const struct slot *s,
    size_t field)
{
	const struct cell *c = &s->field[field];
	uint8_t edits = c->edits;

	if (w->agreed.life && world_form(w, system,
	    w->agreed.field[field].value) == c->value)
		edits |= w->agreed.field[field].edits;
	return edits;
}

/* Of what is held cut he has seen a part only. */
static uint8_t
seen_whole(const struct world *w, size_t system, uint8_t edits)
{
	for (size_t i = 0; i < w->edits; i++)
		if (w->modes & MODE_CUT && system == 1 &&
		    w->edit[i].value && !(w->edit[i].value & FORM))
			edits &= (uint8_t)~(1u << i);
	return edits;
}

static uint8_t
new_edit(struct world *w, size_t system, size_t kind, uint8_t value)
{
	uint8_t bit = (uint8_t)(1u << w->edits);

	w->edit[w->edits++] = (struct edit){ .kind = (uint8_t)kind,
		.value = value, .system = (uint8_t)system };
	w->open |= bit;
	w->real |= bit;
	w->humans--;
	return bit;
}

/* Before first contact there is nothing a null or a deletion could say. */
static bool
is_known(const struct world *w, size_t system, const struct slot *s)
{
	return w->side[system].life || s->stamped;
}

static bool
choose_value(struct world *w, size_t system, size_t field, enum how how,
    uint8_t *value)
{
	const struct slot *s = world_live(w, system);
	const struct slot *other = world_live(w, !system);

	switch (how) {
	case HOW_FRESH:
		*value = (uint8_t)(2 + w->edits);
		break;
	case HOW_CLEAR: /* the first is required */
		*value = 0;
		if (field == 0)
			return false;
		break;
	case HOW_MATCH:
		if (!other)
			return false;
		*value = other->field[field].value;
		if (*value & FORM) /* nobody types that */
			return false;
		break;
	default:
		*value = s->before[field];
		if (!(s->ours & 1u << field) || (field == 0 && !*value))
			return false;
	}
	*value = world_form(w, system, *value);
	if (*value == 0 && !is_known(w, system, s))
		return false;
	return *value != s->field[field].value;
}

bool
world_edit(struct world *w, size_t system, size_t field, enum how how)
{
	struct slot *s = world_live(w, system);
	uint8_t value, seen;

	if (!s || !w->humans || w->edits == EDITS ||
	    !choose_value(w, system, field, how, &value))
		return false;
	seen = seen_whole(w, system, edits_seen(w, system, s, field) |
	    equal_there(w, system, field));
	w->real &= (uint8_t)~seen;
	w->open &= w->real;
	s->field[field] = (struct cell){ value, new_edit(w, system, field,
	    value) };
	w->edit[w->edits - 1].seen = and_before(w, seen);
	/* back to what was seen last, with nothing of ours between: no edit */
	if (!(s->ours & 1u << field) && w->side[system].life &&
	    w->side[system].value[field] == value)
		w->open &= (uint8_t)~s->field[field].edits;
	s->ours &= (uint8_t)~(1u << field);
	s->time = world_tick(w);
	return true;
}

/*
 * Restores that stood when it was deleted, or the other way round: those made
 * here, and all that had come here.
 */
static void
close_lives(struct world *w, size_t system, size_t kind)
{
	const struct slot *s = world_live(w, system);
	bool came = kind == FIELDS ? w->side[system].life != LIFE_LIVE :
	    s && s->ours & REVIVED;

	for (size_t i = 0; i < w->edits; i++)
		if (w->edit[i].kind == kind && (came ||
		    w->edit[i].system == system))
			w->real &= (uint8_t)~(1u << i);
	w->open &= w->real;
}

/* Something of ours stands there that was not acknowledged nor seen. */
static bool
is_unknown(const struct world *w, size_t system, const struct slot *s)
{
	bool unknown = !w->link[system][s - w->slot[system]].state;

	for (size_t f = 0; f < FIELDS; f++)
		unknown |= s->ours & 1u << f &&
		    w->side[system].value[f] != s->field[f].value;
	return unknown;
}

/*
 * A restored state holds it for dead there already, or for edited elsewhere and
 * not told, where it is only what the state has forgotten.
 */
static bool
is_forgotten(struct world *w, size_t system)
{
	const struct slot *s = world_live(w, !system);
	bool forgotten = w->side[system].life != LIFE_LIVE;

	for (size_t f = 0; s && f < FIELDS; f++)
		forgotten |= s->field[f].value != w->side[!system].value[f] ||
		    claim_sends(w, &w->side[system], f);
	return w->restored && forgotten;
}

bool
world_delete(struct world *w, size_t system, bool hard)
{
	struct slot *s = world_live(w, system);
	uint8_t bit, seen = 0;

	/* read from a cursor, a deletion leaves a flag behind */
	if (!s || !w->humans || w->edits == EDITS || (hard && w->delta) ||
	    !is_known(w, system, s))
		return false;
	for (size_t f = 0; f < FIELDS; f++) {
		seen |= w->side[system].value[f] == s->field[f].value ?
		    edits_seen(w, system, s, f) : s->field[f].edits;
		w->open &= (uint8_t)~(seen | equal_there(w, system, f));
	}
	close_lives(w, system, FIELDS + 1);
	bit = new_edit(w, system, FIELDS, 0);
	w->edit[w->edits - 1].seen = and_before(w, seen);
	/* nobody can know what it was, or that it came first */
	if ((hard && is_unknown(w, system, s)) || is_forgotten(w, system))
		w->open &= (uint8_t)~bit;
	w->deletes = 1;
	w->lives = 0;
	s->life = hard ? LIFE_GONE : LIFE_ARCHIVED;
	s->time = world_tick(w);
	return true;
}

bool
world_restore(struct world *w, size_t system)
{
	struct slot *s = &w->slot[system][0];
	uint8_t bit;

	if (world_live(w, system) || !w->humans || w->edits == EDITS)
		return false;
	if (s->life != LIFE_ARCHIVED)
		s++;
	if (s->life != LIFE_ARCHIVED)
		return false;
	close_lives(w, system, FIELDS);
	bit = new_edit(w, system, FIELDS + 1, 0);
	if (w->side[system].life == LIFE_LIVE) /* it was never seen dead */
		w->open &= (uint8_t)~bit;
	s->life = LIFE_LIVE;
	s->time = world_tick(w);
	return true;
}
