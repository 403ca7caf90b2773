/* SPDX-License-Identifier: MIT */
#include "arena.h"

#include <stdint.h>
#include <stdlib.h>

#include "xalloc.h"

#define CHUNK_FIRST (32u << 10)
#define CHUNK_MOST (1u << 20)   /* they double up to here */
#define KEEP (32u << 20)        /* more than this is given back at reset */
#define ALIGN 16u

struct arena_chunk {
	struct arena_chunk *next;
	size_t size; /* bytes in data */
	_Alignas(16) char data[];
};

void
arena_init(struct arena *a)
{
	*a = (struct arena){ 0 };
}

static void
free_chain(struct arena_chunk *c)
{
	while (c) {
		struct arena_chunk *next = c->next;

		free(c);
		c = next;
	}
}

void
arena_free(struct arena *a)
{
	free_chain(a->first);
	*a = (struct arena){ 0 };
}

void
arena_reset(struct arena *a)
{
	if (a->held > KEEP) {
		arena_free(a);
		return;
	}
	a->now = a->first;
	a->used = 0;
}

/* The next chunk kept from before, if it is large enough, else a new one. */
static void
next_chunk(struct arena *a, size_t need)
{
	struct arena_chunk *next = a->now ? a->now->next : a->first;
	size_t size = a->now ? 2 * a->now->size : CHUNK_FIRST;

	if (!next || next->size < need) {
		size = size > CHUNK_MOST ? CHUNK_MOST : size;
		size = size < need ? need : size;
		next = xmalloc(sizeof *next + size);
		next->size = size;
		next->next = a->now ? a->now->next : a->first;
		a->held += size;
		if (a->now)
			a->now->next = next;
		else
			a->first = next;
	}
	a->now = next;
	a->used = 0;
}

void *
arena_alloc(struct arena *a, size_t size)
{
	size_t need = (size + ALIGN - 1) & ~(size_t)(ALIGN - 1);
	void *ptr;

	if (need < size || need > SIZE_MAX / 2)
		xmalloc(SIZE_MAX); /* dies */
	if (!a->now || a->now->size - a->used < need)
		next_chunk(a, need);
	ptr = a->now->data + a->used;
	a->used += need;
	return ptr;
}

void *
arena_zero(struct arena *a, size_t size)
{
	return memset(arena_alloc(a, size), 0, size);
}

struct span
arena_dup(struct arena *a, struct span s)
{
	char *copy = arena_alloc(a, s.len ? s.len : 1);

	if (s.len)
		memcpy(copy, s.ptr, s.len);
	return span_of(copy, s.len);
}

const char *
arena_cstr(struct arena *a, struct span s)
{
	char *copy = arena_alloc(a, s.len + 1);

	if (s.len)
		memcpy(copy, s.ptr, s.len);
	copy[s.len] = '\0';
	return copy;
}
