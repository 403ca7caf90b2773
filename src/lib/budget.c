/* SPDX-License-Identifier: MIT */
#include "budget.h"

#include <stdlib.h>
#include <string.h>

#include "budget_breaker.h"
#include "budget_file.h"
#include "budget_window.h"
#include "clock.h"
#include "xalloc.h"

#define BLOCK_MOST 64   /* calls of one lease */
#define BLOCK_SHARE 32  /* of what a window has */
#define TOLD_MS 1000    /* the server's count is noted so often... */
#define PAUSE_CAP INT64_C(86000000) /* of a day, nearly */
#define TOLD_LOW 1000   /* ...and always when so little is left */

struct lease {
	unsigned calls;
	int64_t until;
};

struct today {
	int64_t day;
	uint64_t used;
};

struct budget {
	struct budget_terms terms;
	struct budget_lane lane[LIMIT_LANES];
	struct lease lease[LIMIT_LANES];
	char *account, *system;
	bool calm;      /* the breaker's row was all zero when last seen */
	int64_t told;   /* when the server's count was noted */
};

/* ---- rows ---- */

static struct budget_row
window_row(const struct budget *b, unsigned lane, struct budget_window *w)
{
	return (struct budget_row){ SPAN("lane"), b->terms.account, lane, w,
		sizeof *w };
}

static struct budget_row
today_row(const struct budget *b, struct today *t)
{
	return (struct budget_row){ SPAN("day"), b->terms.account, 0, t,
		sizeof *t };
}

static struct budget_row
breaker_row(const struct budget *b, struct budget_breaker *k)
{
	return (struct budget_row){ SPAN("breaker"), b->terms.system, 0, k,
		sizeof *k };
}

/* ---- open, close ---- */

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
	return RC_OK;
}

/* ---- the day ---- */

static int64_t
day_of(const struct budget *b)
{
	return (clock_now() / 60000 + b->terms.day_start) / 1440;
}

static enum rc
read_today(struct budget *b, MDB_txn *txn, struct today *t, struct err *e)
{
	struct budget_row row = today_row(b, t);
	enum rc rc = budget_file_get(txn, &row, e);

	if (!rc && t->day != day_of(b)) {
		t->day = day_of(b);
		t->used = 0;
	}
	return rc;
}

static uint64_t
left_of(const struct budget *b, const struct today *t)
{
	uint64_t most = b->terms.daily;

	if (!most)
		return UINT64_MAX;
	if (!b->terms.person)
		most -= most / 100 * b->terms.reserve +
		    most % 100 * b->terms.reserve / 100;
	return most > t->used ? most - t->used : 0;
}

static enum rc
say_spent(const struct budget *b, struct err *e)
{
	char text[CLOCK_TEXT];

	clock_format(((day_of(b) + 1) * 1440 - b->terms.day_start) * 60000,
	    text);
	return err_set(e, RC_REMOTE, "%s: the calls of this day are spent%s; "
	    "there are more at %s", b->account, b->terms.reserve &&
	    !b->terms.person ? " but for the reserve for people" : "", text);
}

/* ---- taking ---- */

/* Leases that ran out were counted, and not used. */
static unsigned
drop_lapsed(struct budget *b, int64_t now)
{
	unsigned unused = 0;

	for (unsigned i = 0; i < b->terms.lane_count; i++) {
		if (!b->lease[i].calls || now <= b->lease[i].until)
			continue;
		unused += b->lease[i].calls;
		b->lease[i].calls = 0;
	}
	return unused;
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
	struct budget_row row = breaker_row(b, &k);
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

static enum rc
ask_window(struct budget *b, MDB_txn *txn, unsigned lane, unsigned cost,
    uint64_t left, int64_t *wait, struct err *e)
{
	const struct budget_lane *l = &b->lane[lane];
	struct budget_window w;
	struct budget_row row = window_row(b, lane, &w);
	int64_t now = clock_monotonic();
	unsigned want = block(l, cost);
	enum rc rc = budget_file_get(txn, &row, e);

	want = want < left ? want : (unsigned)left;
	if (!rc)
		b->lease[lane].calls = budget_window_take(&w, now, l->calls,
		    l->window, cost, want, wait);
	b->lease[lane].until = now + budget_window_lease(l->window);
	return rc || !b->lease[lane].calls ? rc :
	    budget_file_put(txn, &row, e);
}

static enum rc
take_block(struct budget *b, MDB_txn *txn, unsigned lane, unsigned cost,
    int64_t *wait, struct err *e)
{
	int64_t now = clock_monotonic();
	struct today t;
	struct budget_row row = today_row(b, &t);
	unsigned unused = drop_lapsed(b, now) + b->lease[lane].calls;
	uint64_t left;
	enum rc rc = ask_breaker(b, txn, now, wait, e);

	b->lease[lane].calls = 0;
	if (!rc)
		rc = read_today(b, txn, &t, e);
	if (rc)
		return rc;
	t.used -= unused < t.used ? unused : t.used;
	left = left_of(b, &t);
	if (left < cost)
		rc = say_spent(b, e);
	else if (!*wait)
		rc = ask_window(b, txn, lane, cost, left, wait, e);
	t.used += b->lease[lane].calls;
	if (!rc && b->terms.daily)
		rc = budget_file_put(txn, &row, e);
	return rc;
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

/* ---- being told ---- */

enum rc
budget_pause(struct budget *b, unsigned lane, int64_t ms, struct err *e)
{
	struct budget_window w;
	struct budget_row row = window_row(b, lane, &w);
	int64_t until = clock_monotonic() + (ms < PAUSE_CAP ? ms : PAUSE_CAP);
	MDB_txn *txn = NULL;
	enum rc rc = budget_file_begin(&txn, e);

	if (rc)
		return rc;
	if (lane < b->terms.lane_count)
		b->lease[lane].until = 0;
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
budget_left_today(struct budget *b, uint64_t left, struct err *e)
{
	int64_t now = clock_monotonic();
	struct today t;
	struct budget_row row = today_row(b, &t);
	MDB_txn *txn = NULL;
	enum rc rc;

	if (!b->terms.daily || left > b->terms.daily || (left > TOLD_LOW &&
	    b->told && now < b->told + TOLD_MS))
		return RC_OK;
	b->told = now;
	rc = budget_file_begin(&txn, e);
	if (rc)
		return rc;
	rc = read_today(b, txn, &t, e);
	t.used = b->terms.daily - left;
	for (unsigned i = 0; i < b->terms.lane_count; i++)
		t.used += b->lease[i].calls;
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
	struct budget_row row = breaker_row(b, &k);
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

/* ---- looking ahead ---- */

enum rc
budget_left(struct budget *b, uint64_t *left, struct err *e)
{
	struct today t;
	MDB_txn *txn = NULL;
	enum rc rc = budget_file_begin(&txn, e);

	if (rc)
		return rc;
	rc = read_today(b, txn, &t, e);
	mdb_txn_abort(txn);
	*left = rc ? 0 : left_of(b, &t);
	return rc;
}

/* 4120 as "4,120" */
static void
put_count(struct buf *out, uint64_t n)
{
	char text[32];
	size_t at = sizeof text, digits = 0;

	do {
		if (digits && digits % 3 == 0)
			text[--at] = ',';
		text[--at] = (char)('0' + n % 10);
		n /= 10;
		digits++;
	} while (n);
	buf_put(out, text + at, sizeof text - at);
}

enum rc
budget_forecast(struct budget *b, uint64_t calls, struct buf *out,
    struct err *e)
{
	uint64_t left;
	enum rc rc = budget_left(b, &left, e);

	if (rc)
		return rc;
	put_count(out, calls);
	buf_span(out, calls == 1 ? SPAN(" call") : SPAN(" calls"));
	if (left == UINT64_MAX)
		return RC_OK;
	if (calls > left) {
		BUF_LIT(out, ", more than the ");
		put_count(out, left);
		BUF_LIT(out, " that are left");
		return RC_END;
	}
	/* rounded up: 100 % is all of it */
	buf_printf(out, ", %u %% of what is left", left ?
	    (unsigned)((calls * 100 + left - 1) / left) : 0);
	return RC_OK;
}

/* What is leased and not used is used by nobody else today. */
static void
give_back(struct budget *b)
{
	struct today t;
	struct budget_row row = today_row(b, &t);
	MDB_txn *txn = NULL;
	unsigned unused = 0;
	struct err e;
	enum rc rc;

	for (unsigned i = 0; i < b->terms.lane_count; i++)
		unused += b->lease[i].calls;
	if (!unused || !b->terms.daily || budget_file_begin(&txn, &e))
		return;
	rc = read_today(b, txn, &t, &e);
	t.used -= unused < t.used ? unused : t.used;
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
