/* SPDX-License-Identifier: MIT */
#include "budget_window.h"

#include <stdbool.h>
#include <string.h>

#define LEASE_MS 100
#define LONG_MS 5000
#define PAUSE_CAP INT64_C(86400000)

/* A slot is a hundredth of the window: they fit with room to spare. */
static int64_t
slot_length(unsigned window)
{
	return window / 100 + 1;
}

int64_t
budget_window_lease(unsigned window)
{
	int64_t part = window / 50;

	return window && part < LEASE_MS ? part : LEASE_MS;
}

/* Calls leased at `at` may be made a lease later, and a busy system counts them
 * later still; of a short window that would be too much to wait. */
static int64_t
free_at(int64_t at, unsigned window)
{
	int64_t late = window >= LONG_MS ? window / 200 : 0;

	return at + window + budget_window_lease(window) + late;
}

static void
forget(struct budget_window *w, int64_t now, unsigned window)
{
	uint64_t kept = 0;

	if (w->count > BUDGET_SLOTS)
		w->count = 0;
	for (uint64_t i = 0; i < w->count; i++)
		if (free_at(w->slot[i].at, window) > now &&
		    w->slot[i].at <= now + slot_length(window))
			w->slot[kept++] = w->slot[i];
	w->count = kept;
	if (w->paused <= now || w->paused > now + PAUSE_CAP)
		w->paused = 0;
}

static int64_t
used(const struct budget_window *w)
{
	int64_t sum = 0;

	for (uint64_t i = 0; i < w->count; i++)
		sum += w->slot[i].calls;
	return sum;
}

/* When `needed` calls have left the window. */
static int64_t
wait_for(const struct budget_window *w, int64_t now, unsigned window,
    int64_t needed)
{
	int64_t at = now + 1;

	for (uint64_t i = 0; i < w->count && needed > 0; i++) {
		needed -= w->slot[i].calls;
		at = free_at(w->slot[i].at, window);
	}
	return at > now ? at - now : 1;
}

/* The slot of a call that is made now. */
static int64_t
slot_of(int64_t now, unsigned window)
{
	int64_t length = slot_length(window);

	return (now / length + 1) * length;
}

static void
note(struct budget_window *w, int64_t now, unsigned window, unsigned calls)
{
	int64_t at = slot_of(now, window);
	bool same = w->count && w->slot[w->count - 1].at == at;

	if (!same && w->count == BUDGET_SLOTS) { /* cannot be; lose nothing */
		w->slot[1].calls += w->slot[0].calls;
		memmove(w->slot, w->slot + 1, (BUDGET_SLOTS - 1) *
		    sizeof w->slot[0]);
		w->count--;
	}
	if (!same) {
		w->slot[w->count].at = at;
		w->slot[w->count++].calls = 0;
	}
	w->slot[w->count - 1].calls += calls;
}

void
budget_window_made(struct budget_window *w, int64_t now, unsigned window,
    unsigned calls)
{
	forget(w, now, window);
	if (window && calls)
		note(w, now, window, calls);
}

void
budget_window_return(struct budget_window *w, int64_t taken,
    unsigned window, unsigned calls)
{
	int64_t at = slot_of(taken, window);

	for (uint64_t i = 0; window && i < w->count && i < BUDGET_SLOTS; i++)
		if (w->slot[i].at == at)
			w->slot[i].calls -= calls < w->slot[i].calls ? calls :
			    w->slot[i].calls;
}

unsigned
budget_window_take(struct budget_window *w, int64_t now, unsigned calls,
    unsigned window, unsigned least, unsigned want, int64_t *wait)
{
	int64_t left;

	*wait = 0;
	forget(w, now, window);
	if (w->paused) {
		*wait = w->paused - now;
		return 0;
	}
	if (!window)
		return want;
	left = (int64_t)calls - used(w);
	if (left < least && w->count) {
		*wait = wait_for(w, now, window, least - left);
		return 0;
	}
	if (left < want) /* more than the window has is let through alone */
		want = left > least ? (unsigned)left : least;
	note(w, now, window, want);
	return want;
}
