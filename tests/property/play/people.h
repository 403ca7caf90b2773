/* SPDX-License-Identifier: MIT */
/* people: what they do to the stores, and the memory of it. */
#ifndef PEOPLE_H
#define PEOPLE_H

#include "world.h"

void people_act(struct world *w, const struct act *a);

/* Some value is rejected: its record is not at rest. */
bool people_left_bad(struct world *w);

/* Values that were rejected are put right. */
void people_mend(struct world *w);

/* The system writes what it was given its own way; nobody's edit. */
void people_reformat(struct world *w, int side);

#endif
