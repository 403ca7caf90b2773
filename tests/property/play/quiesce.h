/* SPDX-License-Identifier: MIT */
/* quiesce: clean rounds until nothing moves. */
#ifndef QUIESCE_H
#define QUIESCE_H

#include "world.h"

/* The state in lines (state_dump), in the world's arena. */
struct span quiesce(struct world *w);

#endif
