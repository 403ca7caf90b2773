/* SPDX-License-Identifier: MIT */
/* Breadth first through all worlds; one is visited once. */
#include "model.h"

#include <stdlib.h>
#include <string.h>

struct node {
	uint32_t from;
	uint16_t step;
};

struct seek {
	struct search *s;
	struct node *nodes;      /* of every world visited */
	size_t count;
	uint64_t *keys;          /* open addressing; 0: free */
	size_t room;
	struct world *level, *next;
	uint32_t *level_node, *next_node;
	size_t level_count, next_count, level_room, next_room;
};

static void *
grow(void *p, size_t n, size_t size)
{
	void *q = realloc(p, n * size);

	if (!q)
		abort();
	return q;
}

/* True if it was not there. */
static bool
add_key(struct seek *k, uint64_t key)
{
	size_t at = key & (k->room - 1);

	key += !key;
	while (k->keys[at] && k->keys[at] != key)
		at = (at + 1) & (k->room - 1);
	if (k->keys[at])
		return false;
	k->keys[at] = key;
	return true;
}

static void
add_next(struct seek *k, const struct world *w, uint32_t node)
{
	if (k->next_count == k->next_room) {
		k->next_room = k->next_room ? 2 * k->next_room : 1024;
		k->next = grow(k->next, k->next_room, sizeof *k->next);
		k->next_node = grow(k->next_node, k->next_room,
		    sizeof *k->next_node);
	}
	k->next[k->next_count] = *w;
	k->next_node[k->next_count++] = node;
}

static void
trace(struct seek *k, uint32_t node)
{
	struct search *s = k->s;
	uint32_t at = node;

	s->steps = 0;
	while (at >= world_roots()) {
		s->steps++;
		at = k->nodes[at].from;
	}
	s->root = at;
	at = node;
	for (size_t i = s->steps; i > 0; i--) {
		s->step[i - 1] = k->nodes[at].step;
		at = k->nodes[at].from;
	}
}

static bool
all_idle(const struct world *w)
{
	for (size_t i = 0; i < WORKERS; i++)
		if (!worker_idle(w, i))
			return false;
	return true;
}

static void
visit(struct seek *k, const struct world *w, uint32_t from, size_t step)
{
	struct search *s = k->s;

	if (k->count == s->states || !add_key(k, key_of(w)))
		return;
	k->nodes[k->count] = (struct node){ from, (uint16_t)step };
	s->problem = check_now(w);
	if (!s->problem && all_idle(w))
		s->problem = check_quiet(w);
	if (s->problem)
		trace(k, (uint32_t)k->count);
	add_next(k, w, (uint32_t)k->count++);
}

static void
expand(struct seek *k, size_t i)
{
	size_t n = step_count(&k->level[i]);

	for (size_t step = 0; step < n && !k->s->problem; step++) {
		struct world w = k->level[i];

		if (step_take(&w, step))
			visit(k, &w, k->level_node[i], step);
	}
}

static void
swap_levels(struct seek *k)
{
	struct world *worlds = k->level;
	uint32_t *nodes = k->level_node;
	size_t room = k->level_room;

	k->level = k->next;
	k->level_node = k->next_node;
	k->level_room = k->next_room;
	k->level_count = k->next_count;
	k->next = worlds;
	k->next_node = nodes;
	k->next_room = room;
	k->next_count = 0;
}

/* The first nodes are the roots. */
static void
begin_with(struct seek *k, const struct world *w, uint32_t root)
{
	if (add_key(k, key_of(w)))
		add_next(k, w, root);
}

static void
begin(struct seek *k, const struct bounds *b)
{
	for (k->room = 1024; k->room < 2 * k->s->states;)
		k->room *= 2;
	k->keys = calloc(k->room, sizeof *k->keys);
	k->nodes = grow(NULL, k->s->states, sizeof *k->nodes);
	if (!k->keys)
		abort();
	k->count = world_roots();
	for (size_t i = 0; i < world_roots(); i++) {
		struct world w;

		if (k->s->only != SIZE_MAX && k->s->only != i)
			continue;
		world_root(&w, i);
		w.humans = b->humans;
		w.crashes = b->crashes;
		w.lates = b->lates;
		w.stalls = b->stalls;
		begin_with(k, &w, (uint32_t)i);
	}
}

void
search_run(struct search *s, const struct bounds *b)
{
	struct seek k = { .s = s };
	size_t most = s->depth;

	s->problem = NULL;
	begin(&k, b);
	for (s->depth = 0; k.next_count && !s->problem && s->depth < most &&
	    k.count < s->states; s->depth++) {
		swap_levels(&k);
		for (size_t i = 0; i < k.level_count && !s->problem; i++)
			expand(&k, i);
	}
	s->whole = !k.next_count;
	if (k.count == s->states && !s->problem)
		s->depth--; /* the last level was not visited whole */
	s->states = k.count;
	free(k.keys);
	free(k.nodes);
	free(k.level);
	free(k.level_node);
	free(k.next);
	free(k.next_node);
}
