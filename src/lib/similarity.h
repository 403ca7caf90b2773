/* SPDX-License-Identifier: MIT */
/*
 * similarity: how alike two short texts are, byte by byte; whole numbers, so
 * that every machine says the same.  Longer texts count by their first
 * SIMILARITY_MOST bytes.
 */
#ifndef SIMILARITY_H
#define SIMILARITY_H

#include "span.h"

#define SIMILARITY_MOST 64

/* Jaro-Winkler, in thousandths: 1000 is equal, 0 has nothing in common. */
int similarity_jaro(struct span a, struct span b);

/*
 * Letters put in, left out, replaced, or two neighbours swapped (optimal
 * string alignment); `most + 1` when it is more than that.
 */
int similarity_edits(struct span a, struct span b, int most);

#endif
