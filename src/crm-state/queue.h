/* SPDX-License-Identifier: MIT */
#ifndef QUEUE_H
#define QUEUE_H

#include "../lib/outbox.h"

/* Appends `"version":…,"status":…` and what else is to be known of an entry:
 * the members of a line of crm-state queue. */
void queue_put(struct buf *b, const struct outbox *o);

/* "released", "held", …: the word for where it stands. */
const char *queue_standing(const struct outbox *o);

#endif
