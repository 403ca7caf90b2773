/* SPDX-License-Identifier: MIT */
/*
 * arena: memory for one record.  Everything allocated from it dies together
 * at arena_reset; chunks are kept for the next record, so a steady stream
 * allocates nothing.  Never fails (xalloc).
 */
#ifndef ARENA_H
#define ARENA_H

#include <stddef.h>

#include "span.h"

struct arena_chunk;

struct arena {
	struct arena_chunk *first; /* owned chain */
	struct arena_chunk *now;   /* the chunk being filled */
	size_t used;               /* bytes used in `now` */
	size_t held;               /* bytes in all chunks */
};

void arena_init(struct arena *a);
void arena_free(struct arena *a);
void arena_reset(struct arena *a); /* keeps up to 32 MiB */
void *arena_alloc(struct arena *a, size_t size); /* 16-byte aligned */
void *arena_zero(struct arena *a, size_t size);  /* as above, zeroed */
struct span arena_dup(struct arena *a, struct span s);
const char *arena_cstr(struct arena *a, struct span s);

#endif
