/* SPDX-License-Identifier: MIT */
/*
 * budget: how many calls an account still has, and whether a system is worth
 * calling at all; shared by all processes of a home, in budget.mdb there.
 *
 * Calls are leased in blocks, so that a call costs no transaction.  A lane is
 * a limit of its own (all calls, searches): so many within a rolling window.
 * A day has a number of calls, of which a share is kept for people.
 * What is lost with a crash or the machine's power is only what was counted:
 * the file is made anew when it cannot be read.
 */
#ifndef BUDGET_H
#define BUDGET_H

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"
#include "err.h"
#include "limits.h"
#include "span.h"

struct budget;

struct budget_lane {
	unsigned calls;  /* at most so many... */
	unsigned window; /* ...within so many ms; 0: no limit */
};

struct budget_terms {
	struct span account; /* whose limits: "hubspot:4021177" */
	struct span system;  /* whose breaker: "hubspot-eu" */
	const struct budget_lane *lanes;
	unsigned lane_count; /* to LIMIT_LANES */
	uint64_t daily;      /* calls of a day; 0: no limit */
	unsigned reserve;    /* of them for people, in percent */
	int day_start;       /* minutes east of UTC whose midnight it is */
	bool person;         /* may use the reserve */
};

/* In the home; RC_SYSTEM, RC_CONFIG on a network file system. */
enum rc budget_open(struct budget **out, const struct budget_terms *terms,
    struct err *e) RC_CHECK;
/* Gives back what was leased and not used; NULL is fine. */
void budget_close(struct budget *b);

/*
 * Takes `cost` calls of a lane.  *wait > 0: not taken, ask again after so
 * many ms.  RC_REMOTE: the day's calls are spent, or the breaker is open; the
 * words say until when.
 */
enum rc budget_take(struct budget *b, unsigned lane, unsigned cost,
    int64_t *wait, struct err *e) RC_CHECK;

/* Nobody takes from the lane for so long: the server said so. */
enum rc budget_pause(struct budget *b, unsigned lane, int64_t ms,
    struct err *e) RC_CHECK;

/* The server's own count of what is left of the day. */
enum rc budget_left_today(struct budget *b, uint64_t left, struct err *e)
    RC_CHECK;

/*
 * How a call went.  After BREAKER_FAILURES bad ones in a row, by whomever,
 * the breaker opens: no calls for a time that doubles each time; then one
 * process may try, and closes or opens it again.
 */
enum rc budget_went(struct budget *b, bool well, struct err *e) RC_CHECK;

/* What is left of the day, without the reserve unless for a person;
 * UINT64_MAX: no limit. */
enum rc budget_left(struct budget *b, uint64_t *left, struct err *e) RC_CHECK;

/* Appends "4,120 calls, 61 % of what is left"; RC_END when they are more. */
enum rc budget_forecast(struct budget *b, uint64_t calls, struct buf *out,
    struct err *e) RC_CHECK;

#endif
