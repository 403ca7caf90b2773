/* SPDX-License-Identifier: MIT */
/*
 * Two worlds are one when they differ only in what the instants and values
 * are called, or by swapping the systems or the workers.  The key is the
 * least hash among those; 64 bits of it stand for the world in the search.
 */
#include "model.h"

#include <stddef.h>
#include <string.h>

typedef void visit(void *arg, uint8_t *at);

/* Members of a world by where they are: asked once, used for each world. */
struct places {
	const uint8_t *world;
	uint16_t at[160];
	size_t n;
};

static struct places times, values;

static void
note_place(void *arg, uint8_t *at)
{
	struct places *p = arg;

	p->at[p->n++] = (uint16_t)(at - p->world);
}

/* ---- instants: only their order matters ---- */

static void
each_time(struct world *w, visit *v, void *arg)
{
	for (size_t s = 0; s < SYSTEMS; s++) {
		for (size_t i = 0; i < SLOTS; i++) {
			v(arg, &w->slot[s][i].time);
			v(arg, &w->link[s][i].since);
		}
		v(arg, &w->side[s].time);
		v(arg, &w->side[s].version);
		v(arg, &w->cursor[s]);
		v(arg, &w->read_at[s]);
		v(arg, &w->outbox[s].flight.since);
	}
	for (size_t f = 0; f < FIELDS; f++)
		v(arg, &w->agreed.time[f]);
	for (size_t k = 0; k < WORKERS; k++) {
		v(arg, &w->worker[k].job.version);
		v(arg, &w->worker[k].job.time);
		v(arg, &w->worker[k].job.before.since);
		for (size_t s = 0; s < SYSTEMS; s++) {
			struct look *l = &w->worker[k].look[s];

			v(arg, &l->began);
			v(arg, &l->taken);
			v(arg, &l->since);
			for (size_t i = 0; i < SLOTS; i++)
				v(arg, &l->copy[i].time);
		}
	}
}

static void
rank_times(struct world *w)
{
	uint8_t rank[256] = { 0 }, *bytes = (uint8_t *)w, next = 1;

	for (size_t i = 0; i < times.n; i++)
		rank[bytes[times.at[i]]] = 1;
	/* a backup's come back */
	for (size_t i = 1; w->backups && i <= BACKED_UP; i++)
		rank[i] = 1;
	rank[0] = 0;
	for (size_t i = 1; i <= w->now; i++)
		if (rank[i])
			rank[i] = next++;
	for (size_t i = 0; i < times.n; i++)
		bytes[times.at[i]] = rank[bytes[times.at[i]]];
	w->now = 0;
}

/* ---- values: only which are equal ---- */

static void
each_value(struct world *w, visit *v, void *arg)
{
	for (size_t f = 0; f < FIELDS; f++) {
		v(arg, &w->agreed.field[f].value);
		for (size_t s = 0; s < SYSTEMS; s++) {
			v(arg, &w->side[s].value[f]);
			v(arg, &w->side[s].sent[f]);
			v(arg, &w->outbox[s].field[f].value);
			v(arg, &w->outbox[s].expected[f]);
			v(arg, &w->outbox[s].said.value[f]);
			v(arg, &w->outbox[s].said.over[f]);
			v(arg, &w->line[s].said.value[f]);
			v(arg, &w->line[s].said.over[f]);
			for (size_t i = 0; i < TRIES; i++)
				v(arg, &w->outbox[s].flight.value[f][i]);
			for (size_t i = 0; i < SLOTS; i++) {
				v(arg, &w->slot[s][i].field[f].value);
				v(arg, &w->slot[s][i].before[f]);
			}
		}
	}
	for (size_t k = 0; k < WORKERS; k++)
		for (size_t f = 0; f < FIELDS; f++) {
			struct worker *x = &w->worker[k];

			v(arg, &x->job.field[f].value);
			v(arg, &x->job.expected[f]);
			for (size_t i = 0; i < TRIES; i++)
				v(arg, &x->job.before.value[f][i]);
			for (size_t s = 0; s < SYSTEMS; s++)
				for (size_t i = 0; i < SLOTS; i++)
					v(arg, &x->look[s].copy[i].field[f].
					    value);
		}
	for (size_t i = 0; i < EDITS; i++)
		v(arg, &w->edit[i].value);
}

/* Where they are is asked once: of every world this is what takes longest. */
static void
find_places(void)
{
	struct world w;

	times.world = values.world = (const uint8_t *)&w;
	each_time(&w, note_place, &times);
	each_value(&w, note_place, &values);
}

/* ---- the key ---- */

static uint64_t
hash(const struct world *w)
{
	unsigned char bytes[(sizeof *w + 7) / 8 * 8] = { 0 };
	uint64_t h = 0x9e3779b97f4a7c15;

	memcpy(bytes, w, sizeof *w);
	for (size_t i = 0; i < sizeof bytes; i += 8) {
		uint64_t x;

		memcpy(&x, bytes + i, 8);
		h = (h ^ x) * 0xff51afd7ed558ccd;
		h ^= h >> 32;
	}
	h *= 0xc4ceb9fe1a85ec53;
	return h ^ h >> 29;
}

/*
 * Whichever comes first is 1.  One that a system made of another is called by
 * it; what a backup holds comes back, so that it is called first.
 */
static uint8_t
name_value(uint8_t *names, uint8_t value)
{
	uint8_t form = value & FORM;

	if (value == 0 || value == NEVER)
		return value;
	value &= FORM - 1;
	if (!names[value])
		names[value] = ++names[0];
	return names[value] | form;
}

static uint64_t
named(struct world w)
{
	uint8_t names[FORM] = { 0 }, *bytes = (uint8_t *)&w;

	for (uint8_t i = 1; w.backups && i <= BACKED_UP; i++)
		(void)name_value(names, i);
	for (size_t i = 0; i < values.n; i++)
		bytes[values.at[i]] = name_value(names, bytes[values.at[i]]);
	return hash(&w);
}

#define SWAP(array) do { \
	unsigned char tmp[sizeof (array)[0]]; \
	memcpy(tmp, &(array)[0], sizeof tmp); \
	memcpy(&(array)[0], &(array)[1], sizeof tmp); \
	memcpy(&(array)[1], tmp, sizeof tmp); \
} while (0)

static void
swap_workers(struct world *w)
{
	SWAP(w->worker);
	for (size_t s = 0; s < SYSTEMS; s++)
		if (w->outbox[s].lease && w->outbox[s].lease != LEASE_DEAD)
			w->outbox[s].lease = (uint8_t)(WORKERS + 1 -
			    w->outbox[s].lease);
	for (size_t s = 0; s < SYSTEMS; s++)
		if (w->outbox[s].claimant)
			w->outbox[s].claimant = (uint8_t)(WORKERS + 1 -
			    w->outbox[s].claimant);
}

static void
swap_systems(struct world *w)
{
	SWAP(w->slot);
	SWAP(w->side);
	SWAP(w->link);
	SWAP(w->outbox);
	SWAP(w->todo);
	SWAP(w->cursor);
	SWAP(w->was_read);
	SWAP(w->read_at);
	SWAP(w->waits);
	SWAP(w->line);
	for (size_t i = 0; i < w->edits; i++)
		w->edit[i].system = !w->edit[i].system;
	for (size_t k = 0; k < WORKERS; k++) {
		SWAP(w->worker[k].look);
		if (w->worker[k].job.stage)
			w->worker[k].job.system = !w->worker[k].job.system;
	}
}

uint64_t
key_of(const struct world *from)
{
	struct world w = *from;
	uint64_t least = UINT64_MAX;

	if (!times.n)
		find_places();
	rank_times(&w);
	/* what comes back with a backup is not swapped, nor who has forms */
	for (int i = 0; i < (w.backups || w.modes & (MODE_FORM | MODE_CUT) ?
	    2 : 4); i++) {
		uint64_t h = named(w);

		least = h < least ? h : least;
		swap_workers(&w);
		if (i == 1)
			swap_systems(&w);
	}
	return least;
}
