/* SPDX-License-Identifier: MIT */
/* What must hold: now, and once all is quiet. */
#include "model.h"

#include <string.h>

enum { ROUNDS = 8, WRITES = 6 };

/* A form that only B makes stands in A, and nobody has entered it. */
static bool
is_echoed(const struct world *w, const struct cell *c)
{
	for (size_t i = 0; i < w->edits; i++)
		if (c->edits & 1u << i && w->edit[i].value == c->value)
			return false;
	return c->value & FORM;
}

static const char *
check_forms(const struct world *w)
{
	for (size_t i = 0; i < SLOTS; i++)
		for (size_t f = 0; f < FIELDS; f++)
			if (is_echoed(w, &w->slot[0][i].field[f]))
				return "what a system made of it came back";
	return NULL;
}

const char *
check_now(const struct world *w)
{
	bool archived = false;

	for (size_t s = 0; s < SYSTEMS; s++) {
		size_t live = 0;

		for (size_t i = 0; i < SLOTS; i++) {
			live += w->slot[s][i].life == LIFE_LIVE;
			archived |= w->slot[s][i].life > LIFE_LIVE;
		}
		if (live > 1)
			return "the record is there twice";
	}
	if (archived && !w->deletes)
		return "it was deleted, and nobody did";
	if (w->astray == ASTRAY_UNSAID)
		return "what is sent is not what a person released";
	if (w->astray == ASTRAY_REVIEW)
		return "what waits for a person is to be written over";
	if (w->astray == ASTRAY_ARCHIVED)
		return "what had been brought back is archived once more";
	if (w->undone)
		return "its deletion is undone for nothing";
	return check_forms(w);
}

/* ---- until all is quiet: one worker, whole runs ---- */

struct quiet {
	size_t writes;
	bool full;       /* a create found no slot: the model's end */
};

static void
deliver_all(struct world *w, size_t system, struct quiet *q)
{
	uint8_t before = w->now;

	if (!claim_compute(w, 0, system, false))
		return;
	before = w->now;
	(void)claim_take(w, 0);
	(void)deliver_send(w, 0, FATE_DONE);
	q->writes += w->now != before;
	if (deliver_acknowledge(w, 0))
		return;
	q->full = true;
	memset(&w->worker[0], 0, sizeof w->worker[0]);
}

static bool
is_settled(const struct world *a, const struct world *b)
{
	struct world x = *a, y = *b;

	/* reading moves these, and nothing else */
	memset(x.cursor, 0, sizeof x.cursor);
	memset(y.cursor, 0, sizeof y.cursor);
	memset(x.read_at, 0, sizeof x.read_at);
	memset(y.read_at, 0, sizeof y.read_at);
	x.now = y.now = 0;
	return memcmp(&x, &y, sizeof x) == 0;
}

static bool
round_of_all(struct world *w, struct quiet *q)
{
	struct world before = *w;

	for (size_t s = 0; s < SYSTEMS; s++) {
		(void)look_read(w, 0, s, false);
		(void)look_compare(w, 0, s, false);
	}
	(void)commit(w, 0);
	release_all(w);
	for (size_t s = 0; s < SYSTEMS; s++)
		deliver_all(w, s, q);
	return is_settled(&before, w);
}

/* ---- what it has come to ---- */

static const char *
check_life(const struct world *w, size_t live)
{
	for (size_t i = 0; i < w->edits; i++) {
		bool open = w->open & 1u << i;

		if (open && live && w->edit[i].kind == FIELDS)
			return "what a person deleted is back";
		if (open && !live && w->edit[i].kind != FIELDS)
			return "an edit went down with a deletion";
	}
	return NULL;
}

static bool
anybody_deleted(const struct world *w)
{
	if (w->restored && w->deletes) /* our own archiving is forgotten */
		return true;
	for (size_t i = 0; i < w->edits; i++)
		if (w->real & 1u << i && w->edit[i].kind == FIELDS)
			return true;
	return false;
}

static const char *
check_edits(const struct world *w, const struct slot *a)
{
	for (size_t i = 0; i < w->edits; i++) {
		const struct edit *e = &w->edit[i];

		if (w->open & 1u << i && e->kind < FIELDS &&
		    !(w->agreed.conflict & 1u << e->kind) &&
		    world_form(w, 1, a->field[e->kind].value) !=
		    world_form(w, 1, e->value))
			return "an edit is lost";
	}
	return NULL;
}

static const char *
check_equal(const struct world *w, const struct slot *a,
    const struct slot *b)
{
	for (size_t f = 0; f < FIELDS; f++) {
		if (w->agreed.conflict & 1u << f)
			continue;
		if (world_form(w, 1, a->field[f].value) !=
		    b->field[f].value)
			return "the two sides differ";
		if (a->field[f].value != w->agreed.field[f].value)
			return "agreed differs from both sides";
	}
	return NULL;
}

static const char *
check_end(struct world *w)
{
	const struct slot *a = world_live(w, 0), *b = world_live(w, 1);
	const char *problem = check_life(w, (size_t)!!a + (size_t)!!b);

	if (problem)
		return problem;
	if (!a != !b && !w->agreed.conflict) /* else it waits for a person */
		return "it lives on one side only";
	if (!a != !b)
		return NULL;
	if (!a)
		return anybody_deleted(w) ? NULL :
		    "it was deleted, and nobody did";
	problem = check_edits(w, a);
	return problem ? problem : check_equal(w, a, b);
}

const char *
check_quiet(const struct world *from)
{
	struct world w = *from;
	struct quiet q = { .writes = 0 };
	const char *problem;

	w.humans = w.crashes = w.lates = w.stalls = w.backups = 0;
	for (size_t i = 0; i < ROUNDS; i++) {
		bool settled = round_of_all(&w, &q);

		problem = check_now(&w);
		if (problem)
			return problem;
		if (q.writes > WRITES)
			return "it is written over and over";
		if (settled)
			return q.full ? NULL : check_end(&w);
	}
	return "it never settles";
}
