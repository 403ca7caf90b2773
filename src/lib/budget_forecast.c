/* SPDX-License-Identifier: MIT */
/* budget_forecast: how the day stands, and what something takes of it. */
#include "budget_private.h"

enum rc
budget_today(struct budget *b, struct budget_day_stand *s, struct err *e)
{
	struct budget_day d;
	MDB_txn *txn = NULL;
	enum rc rc = budget_file_begin(&txn, e);

	if (rc)
		return rc;
	rc = budget_read_today(b, txn, &d, e);
	mdb_txn_abort(txn);
	*s = (struct budget_day_stand){
		budget_day_most(&d, b->terms.daily, budget_reserve(b)),
		budget_day_left(&d, b->terms.daily, budget_reserve(b)),
		budget_day_end(&d) };
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

void
budget_forecast(const struct budget_day_stand *s, uint64_t calls,
    struct buf *out)
{
	put_count(out, calls);
	buf_span(out, calls == 1 ? SPAN(" call") : SPAN(" calls"));
	if (s->left == UINT64_MAX)
		return;
	if (calls > s->left) {
		BUF_LIT(out, ", more than the ");
		put_count(out, s->left);
		BUF_LIT(out, " that are left");
		return;
	}
	/* rounded up: 100 % is all of it */
	buf_printf(out, ", %u %% of what is left", s->left ?
	    (unsigned)((calls * 100 + s->left - 1) / s->left) : 0);
}
