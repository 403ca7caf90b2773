/* SPDX-License-Identifier: MIT */
/* lost: whether every edit survived, or was decided against, as is shown. */
#ifndef LOST_H
#define LOST_H

#include "views.h"

/* Fails the play on an edit that is nowhere, and no decision says why. */
void lost_none(struct world *w, struct span dump, const struct views *sides);

/* A plan after that edit shows its field's rule deciding over it. */
bool lost_to_rule(const struct world *w, unsigned at);

/* The dump says that a person has to decide about the field. */
bool lost_in_conflict(struct span dump, struct span uid, enum field f);

/* The JSON says the canonical text; NULL is null, or nothing at all. */
bool lost_is_value(struct span json, const char *value);

#endif
