/* SPDX-License-Identifier: MIT */
/* budget_private: what the files of a budget share; nobody else's. */
#ifndef BUDGET_PRIVATE_H
#define BUDGET_PRIVATE_H

#include "budget.h"
#include "budget_breaker.h"
#include "budget_day.h"
#include "budget_file.h"
#include "budget_window.h"

struct lease {
	unsigned calls;
	int64_t until, taken;
};

struct budget {
	struct budget_terms terms;
	struct budget_lane lane[LIMIT_LANES];
	struct lease lease[LIMIT_LANES];
	char *account, *system;
	bool calm;      /* the breaker's row was all zero when last seen */
	int64_t told;   /* when the server's count was noted */
	int64_t low;    /* and under which it is news each time */
};

/* Rows of the file, as they are to be read into these. */
struct budget_row budget_window_row(const struct budget *b, unsigned lane,
    struct budget_window *w);
struct budget_row budget_today_row(const struct budget *b,
    struct budget_day *d);
/* The account of the system, ended by a NUL. */
struct budget_row budget_whose_row(const struct budget *b,
    char name[LIMIT_ACCOUNT + 1]);
struct budget_row budget_breaker_row(const struct budget *b,
    struct budget_breaker *k);

/* Percent of a day that are not for us. */
unsigned budget_reserve(const struct budget *b);
/* The day's row, of the day it is. */
enum rc budget_read_today(struct budget *b, MDB_txn *txn,
    struct budget_day *d, struct err *e) RC_CHECK;

#endif
