/* SPDX-License-Identifier: MIT */
/* merges: whether what became another record did so as it should. */
#ifndef MERGES_H
#define MERGES_H

#include "views.h"

/*
 * On more than one side: who became whom then depends on who is followed
 * first, and a person is asked.
 */
bool merges_on_both(const struct world *w);

/*
 * Fails the play where both were elsewhere and we deleted one: people merge
 * them there.
 */
void merges_leave_seconds(struct world *w);

/* Fails the play where the one that stays has not what only the other had. */
void merges_give(struct world *w, struct span dump,
    const struct views *sides);

#endif
