/* SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE 700
#include "play.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "copies.h"
#include "invariants.h"
#include "people.h"
#include "pool.h"
#include "rounds.h"
#include "streams.h"

static int
sweep_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	if (at->level == 0)
		return 0;
	return type == FTW_DP ? rmdir(path) : unlink(path);
}

void
play_sweep(void)
{
	pool_close();
	streams_forget();
	if (nftw(".", sweep_one, 16, FTW_DEPTH | FTW_PHYS) != 0)
		perror("sweeping");
}

static void
take_step(struct world *w, const struct step *s)
{
	unsigned plans;

	if (s->kind == STEP_ACT) {
		people_act(w, &s->act);
	} else if (s->kind == STEP_ROUND) {
		rounds_disturbed(w, s);
	} else if (s->kind == STEP_BACKUP) {
		copies_take(w);
	} else if (s->kind == STEP_RESTORE) {
		copies_put_back(w);
	} else {
		rounds_clean(w);
		plans = w->plan_count;
		rounds_clean(w);
		if (!people_left_bad(w) && world_planned_nothing(w, plans))
			w->quiet[w->quiet_count++] = w->event_count;
	}
}

/* The world stays open: what it showed lives in it. */
static bool
play_once(struct world *w, const struct history *h, bool swapped,
    struct buf *script, struct views *sides)
{
	play_sweep();
	if (script)
		buf_reset(script);
	world_open(w, h, swapped, script);
	if (setjmp(w->failed))
		return false;
	world_begin(w);
	for (unsigned i = 0; i < h->steps; i++)
		take_step(w, &h->step[i]);
	invariants_check(w, sides);
	return true;
}

/* As the uid is called with the first two names swapped. */
static struct span
swap(struct span uid, char room[256])
{
	const char *to = NULL;

	if (uid.len > 4 && memcmp(uid.ptr, "app:", 4) == 0)
		to = "crm";
	else if (uid.len > 4 && memcmp(uid.ptr, "crm:", 4) == 0)
		to = "app";
	if (!to || uid.len >= 256)
		return uid;
	snprintf(room, 256, "%s%.*s", to, (int)uid.len - 3, uid.ptr + 3);
	return span_str(room);
}

/* What refers to a record that is gone depends on who came first. */
static bool
same_parent(const struct views *one, struct span a, const struct views *other,
    struct span b)
{
	struct span to = a.len > 2 ? span_of(a.ptr + 1, a.len - 2) : a;
	struct span from = b.len > 2 ? span_of(b.ptr + 1, b.len - 2) : b;
	char room[256];

	return !views_find(one, to) || !views_find(other, from) ||
	    span_eq(swap(to, room), from);
}

static bool
same_view(const struct views *one, const struct view *a,
    const struct views *other, const struct view *b)
{
	for (enum field f = 0; f < PARENT; f++)
		if (!a->value[f].ptr != !b->value[f].ptr ||
		    !span_eq(a->value[f], b->value[f]))
			return false;
	return same_parent(one, a->value[PARENT], other, b->value[PARENT]);
}

/* Every record of one as in the other. */
static bool
mirrors(const struct views *one, const struct views *other,
    char why[PLAY_WHY])
{
	char room[256];

	if (one->count != other->count) {
		snprintf(why, PLAY_WHY, "mirror: %u records, swapped %u",
		    one->count, other->count);
		return false;
	}
	for (unsigned i = 0; i < one->count; i++) {
		struct span uid = one->item[i].uid;
		const struct view *v = views_find(other, swap(uid,
		    room));

		if (v && same_view(one, &one->item[i], other, v))
			continue;
		snprintf(why, PLAY_WHY, "mirror: %.*s is another with sides "
		    "swapped", SPAN_ARG(uid));
		return false;
	}
	return true;
}

static bool
play_swapped(const struct history *h, const struct views *as,
    char why[PLAY_WHY], struct buf *script)
{
	struct world *w = malloc(sizeof *w);
	struct views *sides = malloc(SIDES * sizeof *sides);
	bool holds = play_once(w, h, true, script, sides);

	if (!holds)
		snprintf(why, PLAY_WHY, "mirror: with sides swapped: %.900s",
		    w->why);
	for (int i = 0; i < h->sides && holds; i++)
		holds = mirrors(&as[i], &sides[i], why);
	world_close(w);
	free(sides);
	free(w);
	return holds;
}

bool
play(const struct history *h, char why[PLAY_WHY], struct buf *script)
{
	struct world *w = malloc(sizeof *w);
	struct views *sides = malloc(SIDES * sizeof *sides);
	bool holds = play_once(w, h, false, script, sides);

	if (!holds)
		snprintf(why, PLAY_WHY, "%s", w->why);
	else if (history_mirrors(h) && !w->merged_count)
		holds = play_swapped(h, sides, why, script);
	world_close(w);
	free(sides);
	free(w);
	return holds;
}
