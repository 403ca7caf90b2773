/* SPDX-License-Identifier: MIT */
/*
 * budget_day: how many calls a day has, and how many are left of it.  A row of
 * budget.mdb, as it lies there.  A day ends at the account's own midnight.
 */
#ifndef BUDGET_DAY_H
#define BUDGET_DAY_H

#include <stdbool.h>
#include <stdint.h>

struct budget_day {
	int64_t day;   /* since 1970, by the account's clock */
	uint64_t used;
	uint64_t daily; /* as the account itself said; 0: it did not */
	int64_t spent; /* the account said that there are no more */
	int64_t east;  /* minutes its clock is before UTC */
	int64_t told;  /* the day on which that was said; 0: never */
};

/* The day it is at `now` (ms), with none used where it is another. */
void budget_day_turn(struct budget_day *d, int64_t now);
/* When it ends, ms. */
int64_t budget_day_end(const struct budget_day *d);
/* Which day that is there. */
int64_t budget_day_of(const struct budget_day *d, int64_t at);

/* `daily`: what the kind knows, 0: nothing; `reserve`: percent kept.
 * UINT64_MAX: no limit is known. */
uint64_t budget_day_most(const struct budget_day *d, uint64_t daily,
    unsigned reserve);
uint64_t budget_day_left(const struct budget_day *d, uint64_t daily,
    unsigned reserve);

/* Some are given back. */
void budget_day_return(struct budget_day *d, uint64_t calls);
/* What the account said; -1: nothing.  True when that changes anything. */
bool budget_day_told(struct budget_day *d, int64_t daily, int64_t left,
    uint64_t otherwise);

#endif
