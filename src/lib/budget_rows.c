/* SPDX-License-Identifier: MIT */
/* budget_rows: what of budget.mdb belongs to a budget. */
#include "budget_private.h"
#include "clock.h"

struct budget_row
budget_window_row(const struct budget *b, unsigned lane,
    struct budget_window *w)
{
	return (struct budget_row){ SPAN("lane"), b->terms.account, lane, w,
		sizeof *w };
}

struct budget_row
budget_today_row(const struct budget *b, struct budget_day *d)
{
	return (struct budget_row){ SPAN("day"), b->terms.account, 0, d,
		sizeof *d };
}

struct budget_row
budget_whose_row(const struct budget *b, char name[LIMIT_ACCOUNT + 1])
{
	return (struct budget_row){ SPAN("whose"), b->terms.system, 0, name,
		LIMIT_ACCOUNT + 1 };
}

struct budget_row
budget_breaker_row(const struct budget *b, struct budget_breaker *k)
{
	return (struct budget_row){ SPAN("breaker"), b->terms.system, 0, k,
		sizeof *k };
}

unsigned
budget_reserve(const struct budget *b)
{
	return b->terms.person ? 0 : b->terms.reserve;
}

enum rc
budget_read_today(struct budget *b, MDB_txn *txn, struct budget_day *d,
    struct err *e)
{
	struct budget_row row = budget_today_row(b, d);
	enum rc rc = budget_file_get(txn, &row, e);

	if (!rc)
		budget_day_turn(d, clock_now());
	return rc;
}
