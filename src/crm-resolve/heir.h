/* SPDX-License-Identifier: MIT */
/*
 * heir: what one of ours was merged into, and is shown behind it, is that one
 * under another id: keys do not matter any more, and if it was made of several
 * of ours it is the first.  Only the last such record is remembered: a system
 * that merges shows who went right before what they became.
 */
#ifndef HEIR_H
#define HEIR_H

#include <stdbool.h>

#include "../lib/buf.h"
#include "../lib/span.h"

struct heir {
	struct buf id;  /* what they were merged into; empty: nothing */
	struct buf uid; /* of the first of them */
};

void heir_init(struct heir *h);
void heir_free(struct heir *h);
void heir_forget(struct heir *h);
/* The record of that uid went `into` another one; empty: it is just gone. */
void heir_note(struct heir *h, struct span into, struct span uid);
/* Is the record with that id one of those, and of which uid is it then? */
bool heir_find(const struct heir *h, struct span id, struct span *uid);

#endif
