/* SPDX-License-Identifier: MIT */
#include "filestore_index.h"

#include <stdlib.h>

#include "hash.h"
#include "xalloc.h"

#define SEED 3
#define TAG_BITS 24
#define TAG_MASK ((UINT64_C(1) << TAG_BITS) - 1)
#define LEAST_BITS 17
#define FEW_BITS 10 /* the first of a small store: clearing more costs more */
#define FULL 7 /* tenths; beyond, searches grow long */

/* A slot is (place + 1) << 24 | tag, so that 0 is free. */
static uint64_t
slot_of(uint64_t place, uint64_t hash)
{
	return (place + 1) << TAG_BITS | (hash & TAG_MASK);
}

static size_t
home(const struct filestore_table *t, uint64_t hash)
{
	return (size_t)(hash >> (64 - t->bits));
}

static size_t
after(const struct filestore_table *t, size_t at)
{
	return (at + 1) & (((size_t)1 << t->bits) - 1);
}

static size_t
room_of(unsigned bits)
{
	return ((size_t)1 << bits) / 10 * FULL;
}

static struct filestore_table *
add_table(struct filestore_index *x, unsigned bits)
{
	struct filestore_table *t = &x->tables[x->count++];

	t->bits = bits;
	t->room = room_of(bits);
	t->used = 0;
	t->slots = xcalloc((size_t)1 << bits, sizeof *t->slots);
	return t;
}

void
filestore_index_init(struct filestore_index *x, size_t expected)
{
	unsigned bits = 2 * expected < room_of(FEW_BITS) ? FEW_BITS :
	    LEAST_BITS;

	x->count = 0;
	while (room_of(bits) < expected && bits < 40)
		bits++;
	add_table(x, bits);
}

void
filestore_index_free(struct filestore_index *x)
{
	while (x->count)
		free(x->tables[--x->count].slots);
}

void
filestore_index_add(struct filestore_index *x, struct span key,
    uint64_t place)
{
	struct filestore_table *t = &x->tables[x->count - 1];
	uint64_t hash = hash64(key, SEED);
	size_t at;

	if (t->used == t->room)
		t = add_table(x, x->count == 1 ? LEAST_BITS : t->bits + 1);
	at = home(t, hash);
	while (t->slots[at])
		at = after(t, at);
	t->slots[at] = slot_of(place, hash);
	t->used++;
}

struct filestore_probe
filestore_index_probe(const struct filestore_index *x, struct span key)
{
	struct filestore_probe p = { .hash = hash64(key, SEED) };

	p.at = home(&x->tables[0], p.hash);
	return p;
}

bool
filestore_index_next(const struct filestore_index *x,
    struct filestore_probe *p, uint64_t *place)
{
	const struct filestore_table *t;
	uint64_t *slot;

	while (p->table < x->count) {
		t = &x->tables[p->table];
		slot = &t->slots[p->at];
		p->at = after(t, p->at);
		if (*slot == 0) {
			if (++p->table < x->count)
				p->at = home(t + 1, p->hash);
			continue;
		}
		if ((*slot & TAG_MASK) != (p->hash & TAG_MASK))
			continue;
		p->slot = slot;
		*place = (*slot >> TAG_BITS) - 1;
		return true;
	}
	return false;
}

void
filestore_index_move(struct filestore_probe *p, uint64_t place)
{
	*p->slot = slot_of(place, p->hash);
}
