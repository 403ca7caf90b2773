/* SPDX-License-Identifier: MIT */
/* budget_look: what is known, changing nothing. */
#include "budget_private.h"
#include "clock.h"
#include "home.h"

#include <stdio.h>
#include <unistd.h>

static bool
is_there(void)
{
	char path[4200];

	snprintf(path, sizeof path, "%s/budget.mdb", home_path());
	return access(path, R_OK) == 0;
}

enum rc
budget_whose(struct span system, struct buf *account, struct err *e)
{
	struct budget b = { .terms = { .system = system } };
	char name[LIMIT_ACCOUNT + 1];
	struct budget_row row = budget_whose_row(&b, name);
	MDB_txn *txn = NULL;
	enum rc rc;

	if (!is_there())
		return err_set(e, RC_END, "nothing was counted");
	rc = budget_file_open(e);
	if (rc)
		return rc;
	rc = budget_file_begin(&txn, e);
	if (!rc)
		rc = budget_file_get(txn, &row, e);
	if (txn)
		mdb_txn_abort(txn);
	budget_file_close();
	name[LIMIT_ACCOUNT] = '\0';
	if (rc || !name[0])
		return rc ? rc : err_set(e, RC_END, "it is not known");
	buf_span(account, span_str(name));
	return RC_OK;
}

static enum rc
read_rows(struct budget *b, struct budget_day *d, struct budget_breaker *k,
    struct err *e)
{
	char account[LIMIT_ACCOUNT + 1];
	struct budget_row whose = budget_whose_row(b, account);
	struct budget_row breaker = budget_breaker_row(b, k);
	MDB_txn *txn = NULL;
	enum rc rc = budget_file_begin(&txn, e);

	if (rc)
		return rc;
	rc = budget_file_get(txn, &whose, e);
	account[LIMIT_ACCOUNT] = '\0';
	b->terms.account = span_str(account);
	if (!rc)
		rc = budget_read_today(b, txn, d, e);
	if (!rc)
		rc = budget_file_get(txn, &breaker, e);
	mdb_txn_abort(txn);
	return rc;
}

enum rc
budget_look(struct budget_look *l, struct span system, unsigned reserve,
    struct err *e)
{
	struct budget b = { .terms = { .system = system } };
	int64_t now = clock_monotonic(), wait;
	struct budget_breaker k;
	struct budget_day d;
	bool open;
	enum rc rc;

	if (!is_there())
		return err_set(e, RC_END, "nothing was counted");
	rc = budget_file_open(e);
	if (rc)
		return rc;
	rc = read_rows(&b, &d, &k, e);
	budget_file_close();
	if (rc)
		return rc;
	l->today = (struct budget_day_stand){ budget_day_most(&d, 0, reserve),
		budget_day_left(&d, 0, reserve), budget_day_end(&d) };
	l->closed = budget_breaker_allows(&k, now, &wait, &open) || !open ?
	    0 : clock_now() + wait;
	return RC_OK;
}
