/* SPDX-License-Identifier: MIT */
/* pick: which record of a side somebody does something to. */
#ifndef PICK_H
#define PICK_H

#include "world.h"

typedef bool pick_fn(const struct row *r, const struct act *a);

pick_fn pick_any, pick_live, pick_archived;
pick_fn pick_has_field; /* the act's, and it is no null */

/* The act's nth of those wanted, in an order names do not change; or -1. */
int pick_at(struct world *w, const struct act *a, pick_fn *wanted);
/* Its row, or NULL. */
struct row *pick_row(struct world *w, const struct act *a, pick_fn *wanted);

#endif
