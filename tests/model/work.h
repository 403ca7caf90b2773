/* SPDX-License-Identifier: MIT */
/* work: what deciding has in hand; the files of decide.c. */
#ifndef WORK_H
#define WORK_H

#include "model.h"

struct work {
	struct world *w;
	struct decision *d;
	size_t count;
	struct { const struct copy *copy; size_t system, id; }
	    obs[SYSTEMS * SLOTS];
	const struct worker *by;
	uint8_t doubt;   /* fields that may have been put back, or never were */
	uint8_t unsure;  /* and those whose base may be another than agreed */
	bool edited;     /* somebody gave a field another value */
	bool cause;      /* ghost: for setting a deletion aside */
};

static inline bool
gone(const struct copy *c)
{
	return c->op == OP_DELETE;
}

static inline bool
counts(const struct work *k, size_t i)
{
	return !k->d->moved[k->obs[i].system][k->obs[i].id];
}

/* ---- blame.c: ghost; who has lost, and against what ---- */

/*
 * A recorded decision closes what lost, unless its author had seen all that
 * won: to our own echo of what was replaced nobody loses.
 */
void blame_lose(struct world *w, const struct cell *loser, uint8_t winners,
    bool review);
void blame_close(struct world *w, size_t kind);
/* Equal ones are one: whoever replaced the one has replaced the other. */
void blame_converge(struct world *w, struct cell *agreed,
    const struct cell *c);
/* Made there by people, and met for the first time. */
bool blame_is_first(const struct work *k, size_t i);
/* Is there an edit that a deletion may be set aside for? */
bool blame_has_cause(const struct work *k);

/* ---- doubt.c ---- */

/* Nobody has changed what we made there: it says nothing new. */
bool doubt_is_echo(const struct work *k, size_t i);
/* It has not moved since: nothing arrived, or this is an old copy. */
bool doubt_is_unmoved(const struct work *k, size_t i);
/* What was in flight is seen, or seen not to have come. */
void doubt_land(struct work *k, size_t i);
void doubt_landed(struct entry *o);

/* ---- field.c ---- */

void field_decide(struct work *k, size_t field);
/* Is it what the side made of what it was sent?  It still has its base. */
bool field_is_echo(const struct work *k, size_t i, size_t field);

#endif
