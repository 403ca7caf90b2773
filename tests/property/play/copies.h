/* SPDX-License-Identifier: MIT */
/*
 * copies: a copy of the state is taken, and put back later.
 *
 * What the lost state knew stays true of the world: whose record every row was
 * by its links is kept with the events, as the state put back may never meet a
 * row that is archived, or gone, by then.
 */
#ifndef COPIES_H
#define COPIES_H

#include "world.h"

void copies_take(struct world *w);
/* Makes the home anew of the last copy, if there is one. */
void copies_put_back(struct world *w);

#endif
