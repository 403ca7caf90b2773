/* SPDX-License-Identifier: MIT */
#include "known.h"

#define ALL_SILENT ((1u << FIELDS) - 1)

struct known *
known_find(struct known_list *list, int side, struct span id)
{
	for (unsigned i = 0; i < list->count; i++)
		if (list->items[i].side == side &&
		    span_eq(list->items[i].id, id))
			return &list->items[i];
	return NULL;
}

static struct known *
add_known(struct world *w, struct known_list *list, int side, struct span id)
{
	struct known *k = known_find(list, side, id), *more;

	if (k)
		return k;
	if (list->count == list->room) {
		list->room = list->room ? 2 * list->room : 32;
		more = arena_alloc(&w->arena, list->room * sizeof *more);
		if (list->count)
			memcpy(more, list->items, list->count * sizeof *more);
		list->items = more;
	}
	k = &list->items[list->count++];
	*k = (struct known){ .side = side, .id = id };
	return k;
}

bool
known_met(struct world *w, int side, struct span id)
{
	const struct known *k = known_find(&w->seen, side, id);

	return k && (k->shown || k->dead);
}

/* A reference to what nobody met yet says nothing (early). */
static bool
is_early(struct world *w, int side, const struct row *r)
{
	struct span to = row_word(r, values_native(side, PARENT));

	return world_has(w, PARENT) && to.len && !known_met(w, side, to);
}

static struct known
row_known(struct world *w, int side, const struct row *r, bool *bad)
{
	struct known k = { .side = side, .id = row_word(r, "id"),
		.dead = !world_live(r), .events = w->event_count,
		.at = w->now };

	*bad = false;
	k.silent = is_early(w, side, r) ? 1u << PARENT : 0;
	for (enum field f = 0; f < FIELDS; f++) {
		k.value[f] = world_shows(w, side, r, f);
		if (!row_get(r, values_native(side, f)).ptr)
			k.silent |= 1u << f;
		*bad |= k.value[f] == values_bad;
	}
	return k;
}

/* A whole listing says of what it lacks that it is gone. */
static void
add_gone(struct world *w, int side, struct known_list *list)
{
	for (unsigned i = 0; i < w->seen.count; i++) {
		const struct known *k = &w->seen.items[i];

		if (k->side == side && !known_find(list, side, k->id))
			*add_known(w, list, side, k->id) = (struct known){
				.side = side, .id = k->id, .dead = true,
				.events = w->event_count, .at = w->now,
				.silent = ALL_SILENT };
	}
}

void
known_read(struct world *w, int side, unsigned limit,
    struct known_list *list)
{
	const struct store *s = world_store(w, side);
	struct known now;
	bool bad;

	for (unsigned i = 0; i < s->count && i < limit; i++) {
		now = row_known(w, side, s->row[i], &bad);
		if (bad)
			now.silent = ALL_SILENT; /* it was refused */
		*add_known(w, list, side, now.id) = now;
	}
	if (limit >= STORE_ROWS)
		add_gone(w, side, list);
}

/* Whatever this reading shows of what people did is taken by now. */
static void
note_taken(struct world *w, const struct known *now)
{
	for (unsigned i = 0; i < now->events; i++) {
		struct event *e = &w->event[i];

		if (e->taken || e->side != now->side ||
		    !span_eq(e->id, now->id))
			continue;
		if (e->kind == EVENT_DELETE ? now->dead :
		    !now->dead && (e->kind == EVENT_CREATE ?
		    now->silent != ALL_SILENT : e->kind == EVENT_EDIT &&
		    !(now->silent & 1u << e->field)))
			e->taken = w->plan_count;
	}
}

/* Takes over what it shows; has anything moved by that? */
static bool
take_known(struct known *k, const struct known *now)
{
	bool moved = k->dead != now->dead || !k->at;

	k->dead = now->dead;
	k->shown |= !now->dead && now->silent != ALL_SILENT;
	for (enum field f = 0; f < FIELDS; f++) {
		if (now->silent & 1u << f || now->dead)
			continue; /* nobody looks at what the dead hold */
		moved |= !values_same(k->value[f], now->value[f]);
		k->value[f] = now->value[f];
	}
	return moved;
}

void
known_learn(struct world *w, const struct known_list *list)
{
	for (unsigned i = 0; i < list->count; i++) {
		const struct known *now = &list->items[i];
		struct known *k = add_known(w, &w->seen, now->side, now->id);

		if (now->at < k->at || now->at < k->moved)
			continue;
		note_taken(w, now);
		if (take_known(k, now))
			k->moved = w->now;
		k->at = now->at;
	}
}

struct known_list
known_copy(struct world *w, const struct known_list *list)
{
	struct known_list copy = { 0 };

	for (unsigned i = 0; i < list->count; i++)
		*add_known(w, &copy, list->items[i].side, list->items[i].id) =
		    list->items[i];
	return copy;
}
