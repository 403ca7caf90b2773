/* SPDX-License-Identifier: MIT */
/* known: what readings of the sides have shown, as the programs know it. */
#ifndef KNOWN_H
#define KNOWN_H

#include "world.h"

/* What reading up to `limit` rows of a side accepts, into the list. */
void known_read(struct world *w, int side, unsigned limit,
    struct known_list *list);
struct known *known_find(struct known_list *list, int side,
    struct span id);
/* Was a record of that id ever accepted there, or seen to be gone? */
bool known_met(struct world *w, int side, struct span id);
struct known_list known_copy(struct world *w,
    const struct known_list *list);
/*
 * What a reading says nothing about is known as it was; so is what was read or
 * written since, by another pipeline.
 */
void known_learn(struct world *w, const struct known_list *list);

#endif
