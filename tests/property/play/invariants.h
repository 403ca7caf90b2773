/* SPDX-License-Identifier: MIT */
/*
 * invariants: what must hold once nothing moves any more.  Each failure's
 * first word names one:
 *
 *   restless   clean rounds do not come to an end
 *   pingpong   a value goes A, B, A in them
 *   left       something waits although nothing is wrong
 *   rejected   a record is refused although every value is good
 *   invented   a record is there that nobody made
 *   duplicate  a record stands twice on one side
 *   diverged   sides differ, and no conflict says so
 *   lost       an edit is nowhere, and no rule or conflict decided against it
 *   gone       a record nobody deleted, or that was edited after it, is gone
 *   undead     a record that was deleted is there
 *   mirror     (play.c) swapping the names of two sides changes the outcome
 */
#ifndef INVARIANTS_H
#define INVARIANTS_H

#include "world.h"

/* One record as crm-map shows it. */
struct view {
	struct span uid;
	struct span value[FIELDS]; /* canonical JSON; NULL: not there */
};

struct views {
	unsigned count;
	struct view item[STORE_ROWS];
};

/* Lets the world come to rest, and checks; what the sides show, by uid. */
void invariants_check(struct world *w, struct views *sides);

/* The record of that uid, or NULL. */
const struct view *invariants_find(const struct views *side,
    struct span uid);

#endif
