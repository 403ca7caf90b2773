/* SPDX-License-Identifier: MIT */
/*
 * budget_file: budget.mdb, rows of a fixed length by kind and name.  One
 * environment a process, however many budgets it has.
 */
#ifndef BUDGET_FILE_H
#define BUDGET_FILE_H

#include <lmdb.h>
#include <stdbool.h>
#include <stddef.h>

#include "err.h"
#include "span.h"

struct budget_row {
	struct span kind, name;
	unsigned number;
	void *value;  /* all zero when there is no row of this size */
	size_t size;
};

enum rc budget_file_open(struct err *e) RC_CHECK;
void budget_file_close(void);
/* RC_STATE: it is damaged; `repair`: then it is taken away, for the next to
 * make it anew.  None is fine.  Not while it is open. */
enum rc budget_file_check(bool repair, struct err *e) RC_CHECK;

/* One writer at a time; short. */
enum rc budget_file_begin(MDB_txn **txn, struct err *e) RC_CHECK;
enum rc budget_file_commit(MDB_txn *txn, struct err *e) RC_CHECK;
enum rc budget_file_get(MDB_txn *txn, const struct budget_row *row,
    struct err *e) RC_CHECK;
enum rc budget_file_put(MDB_txn *txn, const struct budget_row *row,
    struct err *e) RC_CHECK;

#endif
