/* SPDX-License-Identifier: MIT */
/*
 * budget_breaker: is a system worth calling?  Closed: yes.  Open, after many
 * failures in a row: no, for a time that doubles each time.  Half-open, after
 * that time: one may try.  A row of budget.mdb, as it lies there; times as in
 * budget_window.
 */
#ifndef BUDGET_BREAKER_H
#define BUDGET_BREAKER_H

#include <stdbool.h>
#include <stdint.h>

struct budget_breaker {
	int64_t until;    /* open; 0: closed */
	int64_t probe;    /* somebody tries, until then */
	uint64_t failures; /* in a row, while closed */
	uint64_t trips;   /* in a row */
};

/* True: call.  Else *wait is set; *open says whether the breaker is, or
 * whether somebody else is trying right now. */
bool budget_breaker_allows(struct budget_breaker *b, int64_t now,
    int64_t *wait, bool *open);
/* True when this changed it. */
bool budget_breaker_went(struct budget_breaker *b, int64_t now, bool well);

#endif
