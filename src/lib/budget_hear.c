/* SPDX-License-Identifier: MIT */
/* budget_hear: what is heard of calls that were made: by whom they were, what
 * the system says of its limits, how they went. */
#include "budget_private.h"
#include "clock.h"

#define TOLD_MS 1000    /* the server's count is noted so often... */
#define PAUSE_CAP INT64_C(86000000) /* of a day, nearly */
#define TOLD_LOW 1000   /* ...and always when so little is left to us */

enum rc
budget_pause(struct budget *b, unsigned lane, int64_t ms, struct err *e)
{
	struct budget_window w;
	struct budget_row row = budget_window_row(b, lane, &w);
	int64_t until = clock_monotonic() + (ms < PAUSE_CAP ? ms : PAUSE_CAP);
	MDB_txn *txn = NULL;
	enum rc rc = budget_file_begin(&txn, e);

	if (rc)
		return rc;
	for (unsigned i = 0; i < b->terms.lane_count; i++)
		if (i == lane || (!lane && b->lane[i].within))
			b->lease[i].until = 0;
	rc = budget_file_get(txn, &row, e);
	if (!rc && w.paused < until) {
		w.paused = until;
		rc = budget_file_put(txn, &row, e);
	}
	if (!rc)
		return budget_file_commit(txn, e);
	mdb_txn_abort(txn);
	return rc;
}

enum rc
budget_made(struct budget *b, unsigned lane, unsigned calls, struct err *e)
{
	struct budget_window w;
	struct budget_row window = budget_window_row(b, lane, &w);
	struct budget_day d;
	struct budget_row day = budget_today_row(b, &d);
	MDB_txn *txn = NULL;
	enum rc rc = calls ? budget_file_begin(&txn, e) : RC_END;

	if (rc)
		return rc == RC_END ? RC_OK : rc;
	rc = budget_file_get(txn, &window, e);
	if (!rc)
		rc = budget_read_today(b, txn, &d, e);
	budget_window_made(&w, clock_monotonic(), w.calls ? w.window :
	    b->lane[lane].window, calls);
	d.used += calls;
	if (!rc)
		rc = budget_file_put(txn, &window, e);
	if (!rc)
		rc = budget_file_put(txn, &day, e);
	if (!rc)
		return budget_file_commit(txn, e);
	mdb_txn_abort(txn);
	return rc;
}

static enum rc
hear_lane(struct budget *b, MDB_txn *txn, const struct budget_told *told,
    struct err *e)
{
	struct budget_window w;
	struct budget_row row = budget_window_row(b, told->lane, &w);
	enum rc rc = budget_file_get(txn, &row, e);

	b->lane[told->lane].calls = told->calls;
	b->lane[told->lane].window = told->window;
	if (rc || (w.calls == told->calls && w.window == told->window))
		return rc;
	w.calls = told->calls;
	w.window = told->window;
	return budget_file_put(txn, &row, e);
}

/* By the system's clock it may be another day than by ours: then it spoke of
 * that one. */
static enum rc
hear_day(struct budget *b, MDB_txn *txn, const struct budget_told *told,
    int64_t at, struct err *e)
{
	struct budget_day d;
	struct budget_row row = budget_today_row(b, &d);
	uint64_t daily = b->terms.daily;
	enum rc rc = budget_read_today(b, txn, &d, e);

	if (rc || (at && budget_day_of(&d, at) != d.day) ||
	    !budget_day_told(&d, told->daily, told->left_today, daily))
		return rc;
	b->low = TOLD_LOW + (int64_t)(budget_day_most(&d, daily, 0) -
	    budget_day_most(&d, daily, budget_reserve(b)));
	for (unsigned i = 0; i < b->terms.lane_count; i++)
		d.used += b->lease[i].calls;
	return budget_file_put(txn, &row, e);
}

/* Is it worth a transaction? */
static bool
is_news(struct budget *b, const struct budget_told *told, bool *lane)
{
	const struct budget_lane *l = &b->lane[told->lane];
	int64_t now = clock_monotonic();

	*lane = told->calls && (told->calls != l->calls ||
	    told->window != l->window);
	if (told->daily < 0 && told->left_today < 0)
		return *lane;
	if (!*lane && b->told && now < b->told + TOLD_MS &&
	    told->left_today > b->low)
		return false;
	b->told = now;
	return true;
}

enum rc
budget_hear(struct budget *b, const struct budget_told *told, int64_t at,
    struct err *e)
{
	MDB_txn *txn = NULL;
	bool lane;
	enum rc rc;

	if (told->lane >= b->terms.lane_count || !is_news(b, told, &lane))
		return RC_OK;
	rc = budget_file_begin(&txn, e);
	if (rc)
		return rc;
	if (lane)
		rc = hear_lane(b, txn, told, e);
	if (!rc)
		rc = hear_day(b, txn, told, at, e);
	if (!rc)
		return budget_file_commit(txn, e);
	mdb_txn_abort(txn);
	return rc;
}

enum rc
budget_zone_known(struct budget *b, bool *known, struct err *e)
{
	struct budget_day d;
	MDB_txn *txn = NULL;
	enum rc rc = budget_file_begin(&txn, e);

	if (rc)
		return rc;
	rc = budget_read_today(b, txn, &d, e);
	mdb_txn_abort(txn);
	*known = !rc && d.told && d.told == d.day;
	return rc;
}

enum rc
budget_zone(struct budget *b, int minutes, struct err *e)
{
	struct budget_day d;
	struct budget_row row = budget_today_row(b, &d);
	MDB_txn *txn = NULL;
	enum rc rc = budget_file_begin(&txn, e);

	if (rc)
		return rc;
	rc = budget_file_get(txn, &row, e);
	d.east = minutes;
	budget_day_turn(&d, clock_now());
	d.told = d.day;
	if (!rc)
		rc = budget_file_put(txn, &row, e);
	if (!rc)
		return budget_file_commit(txn, e);
	mdb_txn_abort(txn);
	return rc;
}

enum rc
budget_went(struct budget *b, bool well, struct err *e)
{
	struct budget_breaker k;
	struct budget_row row = budget_breaker_row(b, &k);
	MDB_txn *txn = NULL;
	enum rc rc;

	if (well && b->calm)
		return RC_OK;
	rc = budget_file_begin(&txn, e);
	if (rc)
		return rc;
	rc = budget_file_get(txn, &row, e);
	if (!rc && budget_breaker_went(&k, clock_monotonic(), well))
		rc = budget_file_put(txn, &row, e);
	b->calm = !k.until && !k.failures;
	for (unsigned i = 0; k.until && i < b->terms.lane_count; i++)
		b->lease[i].until = 0; /* the next one asks the breaker */
	if (!rc)
		return budget_file_commit(txn, e);
	mdb_txn_abort(txn);
	return rc;
}
