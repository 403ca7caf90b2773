/* SPDX-License-Identifier: MIT */
/* existence: what is shown lives, there and as a record of ours. */
#ifndef EXISTENCE_H
#define EXISTENCE_H

#include "field.h"

/*
 * What alone says that there is a new record.  None where something was sent
 * already: that has become a side.
 */
const struct observation *existence_only(const struct work *w);

/* All that is shown and counts; what ends comes later (ending.h). */
void existence_take(struct work *w);

#endif
