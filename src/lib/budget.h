/* SPDX-License-Identifier: MIT */
/*
 * budget: how many calls an account still has, and whether a system is worth
 * calling at all; shared by all processes of a home, in budget.mdb there.
 *
 * Calls are leased in blocks, so that a call costs no transaction.  A lane is
 * a limit of its own (all calls, searches): so many within a rolling window.
 * A day has a number of calls, of which a share is kept for people.  What the
 * system says of its limits holds from then on, for all processes.
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
	bool within;     /* its calls count in the first lane, too */
};

/* What an answer says of the limits: filled by who knows the system. */
struct budget_told {
	unsigned lane;         /* it speaks of: comes as the call's own */
	unsigned calls, window; /* of that lane; 0: nothing */
	int64_t daily;         /* calls of a day; -1: nothing */
	int64_t left_today;    /* and of them; -1: nothing */
};

struct budget_terms {
	struct span account; /* whose limits: "hubspot:4021177" */
	struct span system;  /* whose breaker: "hubspot-eu" */
	const struct budget_lane *lanes;
	unsigned lane_count; /* to LIMIT_LANES */
	uint64_t daily;      /* calls of a day, until told; 0: no limit */
	unsigned reserve;    /* of them for people, in percent */
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

/* So many were made before it was known whose they are: they count, whatever
 * is left. */
enum rc budget_made(struct budget *b, unsigned lane, unsigned calls,
    struct err *e) RC_CHECK;

/* Nobody takes from the lane for so long: the server said so. */
enum rc budget_pause(struct budget *b, unsigned lane, int64_t ms,
    struct err *e) RC_CHECK;

/* What the system said, at `at` by its own clock (ms; 0: not known). */
enum rc budget_hear(struct budget *b, const struct budget_told *told,
    int64_t at, struct err *e) RC_CHECK;

/* Was the account's clock said today?  A day ends at its midnight; until it
 * is said, at that of UTC. */
enum rc budget_zone_known(struct budget *b, bool *known, struct err *e)
    RC_CHECK;
/* Minutes east of UTC. */
enum rc budget_zone(struct budget *b, int minutes, struct err *e) RC_CHECK;

/*
 * How a call went.  After BREAKER_FAILURES bad ones in a row, by whomever,
 * the breaker opens: no calls for a time that doubles each time; then one
 * process may try, and closes or opens it again.
 */
enum rc budget_went(struct budget *b, bool well, struct err *e) RC_CHECK;

/* How a day stands, without the reserve unless for a person. */
struct budget_day_stand {
	uint64_t most, left; /* calls; UINT64_MAX: no limit is known */
	int64_t end;         /* ms: when there are more */
};
enum rc budget_today(struct budget *b, struct budget_day_stand *s,
    struct err *e) RC_CHECK;

/* Appends "4,120 calls, 61 % of what is left", or that they are more. */
void budget_forecast(const struct budget_day_stand *s, uint64_t calls,
    struct buf *out);

/* Appends the account that stood behind a system when it was last counted.
 * RC_END: nobody knows. */
enum rc budget_whose(struct span system, struct buf *account, struct err *e)
    RC_CHECK;

/* What is known of a system and its account, for who only looks. */
struct budget_look {
	struct budget_day_stand today; /* by what the account itself said */
	int64_t closed; /* ms: not asked before; 0: it is */
};
/* RC_END: nobody ever counted in this home. */
enum rc budget_look(struct budget_look *l, struct span system,
    unsigned reserve, struct err *e) RC_CHECK;

#define BUDGET_RESERVE 10 /* percent, unless said otherwise */

#endif
