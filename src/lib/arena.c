/* SPDX-License-Identifier: MIT */
#include "arena.h"

#include <stdint.h>
#include <stdlib.h>

#include "xalloc.h"

#define CHUNK (32u << 10)       /* usual chunk */
#define KEEP (256u << 10)       /* a first chunk over this is not kept */
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
	if (a->first && a->first->size > KEEP) {
		arena_free(a);
		return;
	}
	if (a->first && a->first->next) {
		free_chain(a->first->next);
		a->first->next = NULL;
	}
	a->now = a->first;
	a->used = 0;
}

static void
add_chunk(struct arena *a, size_t size)
{
	struct arena_chunk *c;

	if (size < CHUNK)
		size = CHUNK;
	c = xmalloc(sizeof *c + size);
	c->next = NULL;
	c->size = size;
	if (a->now)
		a->now->next = c;
	else
		a->first = c;
	a->now = c;
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
		add_chunk(a, need);
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
