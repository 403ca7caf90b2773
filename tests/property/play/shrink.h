/* SPDX-License-Identifier: MIT */
/* shrink: the smallest history that still fails the same way. */
#ifndef SHRINK_H
#define SHRINK_H

#include "history.h"
#include "play.h"

/*
 * Makes *h smaller while it fails with the same first word as `why`, for at
 * most so many seconds; *why becomes that of the smaller one.
 */
void shrink(struct history *h, char why[PLAY_WHY], int seconds);

/*
 * As play, in a process of its own: it may crash (why: "crash").  `script` is
 * in memory that is shared with it, room and all, or NULL.
 */
bool shrink_play(const struct history *h, char why[PLAY_WHY],
    struct buf *script);

#endif
