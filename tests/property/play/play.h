/* SPDX-License-Identifier: MIT */
/* play: one history from its beginning to its end, and what is wrong. */
#ifndef PLAY_H
#define PLAY_H

#include "history.h"

#define PLAY_WHY 1024

/*
 * Plays it in the current folder, which is emptied before; and once more with
 * the names of the first two sides swapped where that must change nothing.
 * True when all holds; else `why`, and in `script` (unless NULL) the commands
 * that do it again.
 */
bool play(const struct history *h, char why[PLAY_WHY], struct buf *script);

/* Removes all that is in the current folder. */
void play_sweep(void);

#endif
