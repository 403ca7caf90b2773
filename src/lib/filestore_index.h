/* SPDX-License-Identifier: MIT */
/*
 * filestore_index: key -> place, eight bytes an entry: 40 bits of place and 24
 * of the key's hash.  A hit is a candidate; the caller reads the line to see.
 * Open addressing in tables that double: when one is full the next is begun,
 * so nothing is ever moved and no second copy needs room.
 */
#ifndef FILESTORE_INDEX_H
#define FILESTORE_INDEX_H

#include <stddef.h>
#include <stdint.h>

#include "span.h"

/* A place is an offset in the base or, with this bit, in the journal. */
#define FILESTORE_IN_JOURNAL (UINT64_C(1) << 39)
#define FILESTORE_PLACE_MOST (FILESTORE_IN_JOURNAL - 2)

#define FILESTORE_TABLES 24

struct filestore_table {
	uint64_t *slots; /* 0: free */
	unsigned bits;
	size_t used, room;
};

struct filestore_index {
	struct filestore_table tables[FILESTORE_TABLES];
	size_t count;
};

/* A search under way; begin with filestore_index_probe. */
struct filestore_probe {
	uint64_t hash;
	size_t table, at;
	uint64_t *slot; /* the candidate */
};

void filestore_index_init(struct filestore_index *x, size_t expected);
void filestore_index_free(struct filestore_index *x);

void filestore_index_add(struct filestore_index *x, struct span key,
    uint64_t place);

struct filestore_probe filestore_index_probe(const struct filestore_index *x,
    struct span key);
/* True with the next candidate's place; false when there is none. */
bool filestore_index_next(const struct filestore_index *x,
    struct filestore_probe *p, uint64_t *place);
/* The candidate last given is elsewhere from now on. */
void filestore_index_move(struct filestore_probe *p, uint64_t place);

#endif
