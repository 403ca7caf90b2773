/* SPDX-License-Identifier: MIT */
#include "budget_day.h"

#define MINUTE 60000
#define DAY 1440 /* minutes */

int64_t
budget_day_of(const struct budget_day *d, int64_t at)
{
	return (at / MINUTE + d->east) / DAY;
}

void
budget_day_turn(struct budget_day *d, int64_t now)
{
	if (d->day == budget_day_of(d, now))
		return;
	d->day = budget_day_of(d, now);
	d->used = 0;
	d->spent = 0;
}

int64_t
budget_day_end(const struct budget_day *d)
{
	return ((d->day + 1) * DAY - d->east) * MINUTE;
}

uint64_t
budget_day_most(const struct budget_day *d, uint64_t daily, unsigned reserve)
{
	uint64_t most = d->daily ? d->daily : daily;

	if (!most)
		return UINT64_MAX;
	return most - (most / 100 * reserve + most % 100 * reserve / 100);
}

uint64_t
budget_day_left(const struct budget_day *d, uint64_t daily, unsigned reserve)
{
	uint64_t most = budget_day_most(d, daily, reserve);

	if (d->spent)
		return 0;
	if (most == UINT64_MAX)
		return most;
	return most > d->used ? most - d->used : 0;
}

void
budget_day_return(struct budget_day *d, uint64_t calls)
{
	d->used -= calls < d->used ? calls : d->used;
}

bool
budget_day_told(struct budget_day *d, int64_t daily, int64_t left,
    uint64_t otherwise)
{
	struct budget_day was = *d;
	uint64_t most;

	if (daily > 0)
		d->daily = (uint64_t)daily;
	most = d->daily ? d->daily : otherwise;
	if (left >= 0)
		d->spent = left == 0;
	if (left >= 0 && (uint64_t)left <= most)
		d->used = most - (uint64_t)left;
	return d->daily != was.daily || d->used != was.used ||
	    d->spent != was.spent;
}
