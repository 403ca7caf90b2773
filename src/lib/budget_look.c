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

/* Begins to read what is there; RC_END: nothing ever was. */
static enum rc
look_begin(MDB_txn **txn, struct err *e)
{
	enum rc rc;

	if (!is_there())
		return err_set(e, RC_END, "nothing was counted");
	rc = budget_file_open(e);
	if (rc)
		return rc;
	rc = budget_file_begin(txn, e);
	if (rc)
		budget_file_close();
	return rc;
}

static void
look_end(MDB_txn *txn)
{
	mdb_txn_abort(txn);
	budget_file_close();
}

enum rc
budget_whose(struct span system, struct buf *account, struct err *e)
{
	struct budget b = { .terms = { .system = system } };
	char name[LIMIT_ACCOUNT + 1];
	struct budget_row row = budget_whose_row(&b, name);
	MDB_txn *txn;
	enum rc rc = look_begin(&txn, e);

	if (rc)
		return rc;
	rc = budget_file_get(txn, &row, e);
	look_end(txn);
	name[LIMIT_ACCOUNT] = '\0';
	if (rc || !name[0])
		return rc ? rc : err_set(e, RC_END, "it is not known");
	buf_span(account, span_str(name));
	return RC_OK;
}

static enum rc
read_rows(struct budget *b, MDB_txn *txn, struct budget_day *d,
    struct budget_breaker *k, struct err *e)
{
	char account[LIMIT_ACCOUNT + 1];
	struct budget_row whose = budget_whose_row(b, account);
	struct budget_row breaker = budget_breaker_row(b, k);
	enum rc rc = budget_file_get(txn, &whose, e);

	account[LIMIT_ACCOUNT] = '\0';
	b->terms.account = span_str(account);
	if (!rc)
		rc = budget_read_today(b, txn, d, e);
	if (!rc)
		rc = budget_file_get(txn, &breaker, e);
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
	MDB_txn *txn;
	bool open;
	enum rc rc = look_begin(&txn, e);

	if (rc)
		return rc;
	rc = read_rows(&b, txn, &d, &k, e);
	look_end(txn);
	if (rc)
		return rc;
	l->today = (struct budget_day_stand){ budget_day_most(&d, 0, reserve),
		budget_day_left(&d, 0, reserve), budget_day_end(&d) };
	l->closed = budget_breaker_allows(&k, now, &wait, &open) || !open ?
	    0 : clock_now() + wait;
	return RC_OK;
}
