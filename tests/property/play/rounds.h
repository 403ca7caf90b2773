/* SPDX-License-Identifier: MIT */
/* rounds: the pipeline over a world, step by step, disturbed or clean. */
#ifndef ROUNDS_H
#define ROUNDS_H

#include "world.h"

/* With the step's fault, and people doing things in between. */
void rounds_disturbed(struct world *w, const struct step *s);
void rounds_clean(struct world *w);

#endif
