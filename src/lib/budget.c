/* SPDX-License-Identifier: MIT */
#include "budget.h"

#include <stdlib.h>
#include <string.h>

#include "budget_private.h"
#include "clock.h"
#include "xalloc.h"

#define BLOCK_MOST 64   /* calls of one lease */
#define BLOCK_SHARE 32  /* of what a window has */

/* ---- open, close ---- */

/* For who looks, and knows the system only. */
static enum rc
note_account(struct budget *b, struct err *e)
{
	char was[LIMIT_ACCOUNT + 1], name[LIMIT_ACCOUNT + 1] = "";
	struct budget_row row = budget_whose_row(b, was);
	size_t len = b->terms.account.len;
	MDB_txn *txn = NULL;
	enum rc rc = budget_file_begin(&txn, e);

	if (rc)
		return rc;
	memcpy(name, b->account, len < LIMIT_ACCOUNT ? len : LIMIT_ACCOUNT);
	rc = budget_file_get(txn, &row, e);
	if (!rc && memcmp(was, name, sizeof name) != 0) {
		row.value = name;
		rc = budget_file_put(txn, &row, e);
	}
	if (!rc)
		return budget_file_commit(txn, e);
	mdb_txn_abort(txn);
	return rc;
}

enum rc
budget_open(struct budget **out, const struct budget_terms *terms,
    struct err *e)
{
	struct budget *b;
	enum rc rc = budget_file_open(e);

	*out = NULL;
	if (rc)
		return rc;
	b = xcalloc(1, sizeof *b);
	b->terms = *terms;
	b->account = xstrndup(terms->account.ptr, terms->account.len);
	b->system = xstrndup(terms->system.ptr, terms->system.len);
	b->terms.account.ptr = b->account;
	b->terms.system.ptr = b->system;
	if (b->terms.lane_count > LIMIT_LANES)
		b->terms.lane_count = LIMIT_LANES;
	for (unsigned i = 0; i < b->terms.lane_count; i++)
		b->lane[i] = terms->lanes[i];
	*out = b;
	return note_account(b, e);
}

/* ---- the day ---- */

static enum rc
say_spent(const struct budget *b, const struct budget_day *d, struct err *e)
{
	char text[CLOCK_TEXT];

	clock_format(budget_day_end(d), text);
	return err_set(e, RC_REMOTE, "%s: the calls of this day are spent%s; "
	    "there are more at %s", b->account, budget_reserve(b) &&
	    !d->spent ? " but for the reserve for people" : "", text);
}

/* ---- taking ---- */

static enum rc
return_to(struct budget *b, MDB_txn *txn, unsigned lane, int64_t taken,
    unsigned calls, struct err *e)
{
	struct budget_window w;
	struct budget_row row = budget_window_row(b, lane, &w);
	enum rc rc = budget_file_get(txn, &row, e);

	if (rc)
		return rc;
	budget_window_return(&w, taken, w.calls ? w.window :
	    b->lane[lane].window, calls);
	return budget_file_put(txn, &row, e);
}

/* What was leased and not used is there again, for all; *unused counts it. */
static enum rc
return_lease(struct budget *b, MDB_txn *txn, unsigned lane,
    uint64_t *unused, struct err *e)
{
	struct lease *l = &b->lease[lane];
	unsigned calls = l->calls;
	enum rc rc;

	l->calls = 0;
	*unused += calls;
	if (!calls)
		return RC_OK;
	rc = return_to(b, txn, lane, l->taken, calls, e);
	return rc || !lane || !b->lane[lane].within ? rc :
	    return_to(b, txn, 0, l->taken, calls, e);
}

/* Of this lane, and those of others that ran out. */
static enum rc
return_leases(struct budget *b, MDB_txn *txn, unsigned lane, int64_t now,
    uint64_t *unused, struct err *e)
{
	enum rc rc = RC_OK;

	*unused = 0;
	for (unsigned i = 0; i < b->terms.lane_count && !rc; i++)
		if (i == lane || now > b->lease[i].until)
			rc = return_lease(b, txn, i, unused, e);
	return rc;
}

static unsigned
block(const struct budget_lane *lane, unsigned cost)
{
	unsigned n = lane->window ? lane->calls / BLOCK_SHARE : BLOCK_MOST;

	n = n < BLOCK_MOST ? n : BLOCK_MOST;
	return n > cost ? n : cost;
}

static enum rc
ask_breaker(struct budget *b, MDB_txn *txn, int64_t now, int64_t *wait,
    struct err *e)
{
	struct budget_breaker k;
	struct budget_row row = budget_breaker_row(b, &k);
	char text[CLOCK_TEXT];
	bool open;
	enum rc rc = budget_file_get(txn, &row, e);

	if (rc)
		return rc;
	b->calm = !k.until && !k.failures;
	if (budget_breaker_allows(&k, now, wait, &open))
		return b->calm ? RC_OK : budget_file_put(txn, &row, e);
	if (!open)
		return RC_OK;
	clock_format(clock_now() + *wait, text);
	*wait = 0;
	return err_set(e, RC_REMOTE, "%s: not asked before %s: it failed too "
	    "often", b->system, text);
}

/* The lane's terms: what was told, else what the kind knows. */
static enum rc
read_lane(struct budget *b, MDB_txn *txn, unsigned lane,
    struct budget_window *w, struct err *e)
{
	struct budget_row row = budget_window_row(b, lane, w);
	enum rc rc = budget_file_get(txn, &row, e);

	if (!rc && w->calls) {
		b->lane[lane].calls = w->calls;
		b->lane[lane].window = w->window;
	}
	return rc;
}

static unsigned
take_from(const struct budget *b, unsigned lane, struct budget_window *w,
    int64_t now, unsigned least, unsigned want, int64_t *wait)
{
	return budget_window_take(w, now, b->lane[lane].calls,
	    b->lane[lane].window, least, want, wait);
}

/* From the lane, and from the one it stands within: both, or none. */
static enum rc
ask_windows(struct budget *b, MDB_txn *txn, unsigned lane, unsigned cost,
    unsigned want, int64_t *wait, struct err *e)
{
	struct budget_window own, all, before;
	struct budget_row own_row = budget_window_row(b, lane, &own);
	struct budget_row all_row = budget_window_row(b, 0, &all);
	int64_t now = clock_monotonic();
	bool within = lane && b->lane[lane].within;
	unsigned got, most;
	enum rc rc = read_lane(b, txn, lane, &own, e);

	if (!rc && within)
		rc = read_lane(b, txn, 0, &all, e);
	if (rc)
		return rc;
	before = own;
	got = most = take_from(b, lane, &own, now, cost, want, wait);
	if (got && within)
		got = take_from(b, 0, &all, now, cost, most, wait);
	if (got && got < most) {
		own = before;
		take_from(b, lane, &own, now, cost, got, wait);
	}
	b->lease[lane].calls = got;
	b->lease[lane].taken = now;
	b->lease[lane].until = now + budget_window_lease(
	    b->lane[lane].window);
	if (got)
		rc = budget_file_put(txn, &own_row, e);
	return rc || !got || !within ? rc : budget_file_put(txn, &all_row, e);
}

static enum rc
take_block(struct budget *b, MDB_txn *txn, unsigned lane, unsigned cost,
    int64_t *wait, struct err *e)
{
	int64_t now = clock_monotonic();
	struct budget_day d;
	struct budget_row row = budget_today_row(b, &d);
	unsigned want = block(&b->lane[lane], cost);
	uint64_t left, unused;
	enum rc rc = return_leases(b, txn, lane, now, &unused, e);

	if (!rc)
		rc = ask_breaker(b, txn, now, wait, e);
	if (!rc)
		rc = budget_read_today(b, txn, &d, e);
	if (rc)
		return rc;
	budget_day_return(&d, unused);
	left = budget_day_left(&d, b->terms.daily, budget_reserve(b));
	if (left < cost)
		rc = say_spent(b, &d, e);
	else if (!*wait)
		rc = ask_windows(b, txn, lane, cost, want < left ? want :
		    (unsigned)left, wait, e);
	d.used += b->lease[lane].calls;
	return rc ? rc : budget_file_put(txn, &row, e);
}

static enum rc
lease(struct budget *b, unsigned lane, unsigned cost, int64_t *wait,
    struct err *e)
{
	MDB_txn *txn = NULL;
	enum rc rc = budget_file_begin(&txn, e);

	if (rc)
		return rc;
	rc = take_block(b, txn, lane, cost, wait, e);
	if (!rc)
		return budget_file_commit(txn, e);
	mdb_txn_abort(txn);
	b->lease[lane].calls = 0;
	return rc;
}

enum rc
budget_take(struct budget *b, unsigned lane, unsigned cost, int64_t *wait,
    struct err *e)
{
	struct lease *l;
	enum rc rc = RC_OK;

	*wait = 0;
	if (lane >= b->terms.lane_count)
		return err_set(e, RC_CONFIG, "budget: there is no lane %u",
		    lane);
	l = &b->lease[lane];
	if (l->calls < cost || clock_monotonic() > l->until)
		rc = lease(b, lane, cost, wait, e);
	if (!rc && !*wait)
		l->calls -= cost;
	return rc;
}

/* What is leased and not used is used by nobody else today. */
static void
give_back(struct budget *b)
{
	struct budget_day d;
	struct budget_row row = budget_today_row(b, &d);
	MDB_txn *txn = NULL;
	uint64_t unused = 0;
	struct err e;
	enum rc rc = RC_OK;

	for (unsigned i = 0; i < b->terms.lane_count; i++)
		unused += b->lease[i].calls;
	if (!unused || budget_file_begin(&txn, &e))
		return;
	unused = 0;
	for (unsigned i = 0; i < b->terms.lane_count && !rc; i++)
		rc = return_lease(b, txn, i, &unused, &e);
	if (!rc)
		rc = budget_read_today(b, txn, &d, &e);
	budget_day_return(&d, unused);
	if (!rc)
		rc = budget_file_put(txn, &row, &e);
	if (!rc)
		rc = budget_file_commit(txn, &e);
	else
		mdb_txn_abort(txn);
	(void)rc; /* it is only a count */
}

void
budget_close(struct budget *b)
{
	if (!b)
		return;
	give_back(b);
	budget_file_close();
	free(b->account);
	free(b->system);
	free(b);
}
