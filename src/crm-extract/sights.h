/* SPDX-License-Identifier: MIT */
/*
 * sights: which ids a section has shown so far, by eight bytes each.  Two ids
 * of one hash pass for one; then nothing is asked for again that might be gone,
 * and the next reading finds it.
 */
#ifndef SIGHTS_H
#define SIGHTS_H

#include <stdbool.h>

#include "../lib/buf.h"
#include "../lib/span.h"

struct sights {
	struct buf hashes; /* of uint64_t */
	size_t sorted;     /* so many of them, from the first, are in order */
};

void sights_init(struct sights *s);
void sights_free(struct sights *s);
/* The buffer says when there is no more room (buf_check). */
void sights_add(struct sights *s, struct span id);
/* Cheap as long as few are added in between. */
bool sights_have(struct sights *s, struct span id);

#endif
