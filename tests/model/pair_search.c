/* SPDX-License-Identifier: MIT */
/* Breadth first; a pair is small: all of them are kept as they are. */
#include "pair.h"

#include <stdlib.h>
#include <string.h>

enum { ROOM = 1 << 21 };

struct met {
	struct pair pair;
	uint32_t from;
	uint16_t step, depth;
};

struct seek {
	struct search *s;
	struct met *met;
	uint32_t *table;        /* of what was met, + 1; open addressing */
	size_t count;
};

static size_t
hash(const struct pair *p)
{
	const unsigned char *bytes = (const unsigned char *)p;
	uint64_t h = 0x9e3779b97f4a7c15;

	for (size_t i = 0; i < sizeof *p; i++)
		h = (h ^ bytes[i]) * 0x100000001b3;
	return (size_t)(h ^ h >> 29) & (ROOM - 1);
}

static void
trace(struct seek *k, uint32_t at)
{
	struct search *s = k->s;

	s->steps = k->met[at].depth;
	for (size_t i = s->steps; i > 0; i--) {
		s->step[i - 1] = k->met[at].step;
		at = k->met[at].from;
	}
}

static void
visit(struct seek *k, const struct pair *p, uint32_t from, size_t step)
{
	size_t at = hash(p);
	struct met *m = &k->met[k->count];

	while (k->table[at]) {
		if (memcmp(&k->met[k->table[at] - 1].pair, p, sizeof *p) == 0)
			return;
		at = (at + 1) & (ROOM - 1);
	}
	*m = (struct met){ *p, from, (uint16_t)step, 0 };
	if (k->count)
		m->depth = (uint16_t)(k->met[from].depth + 1);
	k->table[at] = (uint32_t)++k->count;
	k->s->depth = m->depth;
	k->s->problem = pair_check(p);
	if (k->s->problem)
		trace(k, (uint32_t)k->count - 1);
}

void
pair_search(struct search *s, const struct bounds *b, size_t root)
{
	struct seek k = { .s = s };
	size_t most = s->states < ROOM / 2 ? s->states : ROOM / 2;
	size_t deepest = s->depth;
	struct pair p;
	uint32_t at;

	k.table = calloc(ROOM, sizeof *k.table);
	k.met = malloc(most * sizeof *k.met);
	if (!k.table || !k.met)
		abort();
	pair_root(&p, root);
	p.humans = b->humans;
	p.crashes = b->crashes;
	s->root = root;
	visit(&k, &p, 0, 0);
	for (at = 0; at < k.count && k.count < most && !s->problem; at++)
		for (size_t i = 0; i < pair_steps() && k.count < most &&
		    k.met[at].depth < deepest && !s->problem; i++) {
			p = k.met[at].pair;
			if (pair_take(&p, i))
				visit(&k, &p, at, i);
		}
	s->whole = at == k.count && s->depth < deepest;
	s->states = k.count;
	free(k.table);
	free(k.met);
}
