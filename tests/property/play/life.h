/* SPDX-License-Identifier: MIT */
/* life: whether a record had to be there at the end, or had to be gone. */
#ifndef LIFE_H
#define LIFE_H

#include "views.h"

/* Fails the play unless the record of that uid lives as it should. */
void life_of(struct world *w, const struct views *sides, struct span uid);

/*
 * At most one run met the record since it was made there: what refers to it
 * was early until then.
 */
bool life_begins(const struct world *w, int side, struct span id);

#endif
