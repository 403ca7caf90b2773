/* SPDX-License-Identifier: MIT */
#include "resolve.h"

#define FIRST_OBSERVATIONS 8

void
group_init(struct group *g)
{
	*g = (struct group){ .count = 0 };
	arena_init(&g->arena);
	arena_init(&g->ahead_arena);
	json_init(&g->json);
}

void
group_free(struct group *g)
{
	arena_free(&g->arena);
	arena_free(&g->ahead_arena);
	json_free(&g->json);
}

static enum rc
read_ahead(struct resolve *r, struct group *g, struct err *e)
{
	struct span key, payload;
	enum rc rc;

	if (g->have_ahead)
		return RC_OK;
	if (g->ended)
		return RC_END;
	rc = spool_next(r->spool, &key, &payload, e);
	g->ended = rc == RC_END;
	if (rc)
		return rc;
	arena_reset(&g->ahead_arena);
	g->ahead_key = arena_dup(&g->ahead_arena, key);
	g->ahead = arena_dup(&g->ahead_arena, payload);
	g->have_ahead = true;
	return RC_OK;
}

static struct observation *
add(struct group *g)
{
	if (g->count == g->room) {
		size_t room = g->room ? 2 * g->room : FIRST_OBSERVATIONS;
		struct observation *obs = arena_alloc(&g->arena, room *
		    sizeof *obs);

		if (g->count)
			memcpy(obs, g->obs, g->count * sizeof *obs);
		g->obs = obs;
		g->room = room;
	}
	return &g->obs[g->count];
}

/* The entry read ahead becomes an observation of this group. */
static enum rc
take_ahead(struct resolve *r, struct txn *t, struct group *g, struct err *e)
{
	struct span text = arena_dup(&g->arena, g->ahead);
	struct observation *o = add(g);
	struct observe_head head;
	enum rc rc;

	memcpy(&head, text.ptr, sizeof head);
	text = span_of(text.ptr + sizeof head, text.len - sizeof head);
	g->have_ahead = false;
	rc = observe_line(g->policy, t, &g->json, &head, text, &g->arena, o,
	    e);
	if (rc == RC_RECORD) {
		struct where w = { .system = o->system == SIZE_MAX ?
			SPAN("") : g->policy->systems[o->system].name,
			.object = o->object, .id = o->id };

		/* said while judging; applying leaves it out again */
		return r->judged ? RC_OK : run_reject(&r->run, &w, e, text);
	}
	g->count += rc == RC_OK;
	return rc;
}

enum rc
group_next(struct resolve *r, struct txn *t, struct group *g, struct err *e)
{
	struct span key, rest;
	struct observe_head head;
	enum rc rc = read_ahead(r, g, e);

	if (rc)
		return rc;
	arena_reset(&g->arena);
	g->count = g->room = 0;
	key = arena_dup(&g->arena, g->ahead_key);
	memcpy(&head, g->ahead.ptr, sizeof head);
	g->policy = r->policy[head.entity];
	rest = span_of(key.ptr + 1, key.len - 1); /* behind the phase */
	g->entity = key_take(&rest);
	g->uid = rest;
	while (!rc && span_eq(g->ahead_key, key)) {
		rc = take_ahead(r, t, g, e);
		if (!rc)
			rc = read_ahead(r, g, e);
	}
	return rc == RC_END ? RC_OK : rc;
}
