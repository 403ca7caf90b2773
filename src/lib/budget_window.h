/* SPDX-License-Identifier: MIT */
/*
 * budget_window: so many calls within any span of time of some length, as
 * servers count them.  A row of budget.mdb, as it lies there.  Times are ms
 * that never go back while the machine runs; after its start they begin anew,
 * and what lies in their future is forgotten.
 */
#ifndef BUDGET_WINDOW_H
#define BUDGET_WINDOW_H

#include <stdint.h>

#define BUDGET_SLOTS 160

struct budget_window {
	int64_t paused; /* nobody takes until then */
	uint32_t calls, window; /* as the system said; 0: it did not */
	uint64_t count; /* of slots */
	struct {
		int64_t at; /* counts until this plus the window */
		int64_t calls;
	} slot[BUDGET_SLOTS]; /* oldest first */
};

/* How long a lease may be kept before its calls are made. */
int64_t budget_window_lease(unsigned window);

/*
 * Takes up to `want` calls, not under `least`; returns how many.  0: none for
 * *wait ms, at the least.
 */
unsigned budget_window_take(struct budget_window *w, int64_t now,
    unsigned calls, unsigned window, unsigned least, unsigned want,
    int64_t *wait);

/* So many were made without having been taken. */
void budget_window_made(struct budget_window *w, int64_t now,
    unsigned window, unsigned calls);

/* Of those taken at `taken` so many were never made. */
void budget_window_return(struct budget_window *w, int64_t taken,
    unsigned window, unsigned calls);

#endif
