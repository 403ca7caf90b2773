/* SPDX-License-Identifier: MIT */
/*
 * account: which account stands behind a system's name, so that a state is
 * never held against another one's records: another org, a folder that is not
 * the store it was, or an older copy of it.
 *
 *   meta  "account" \0 system  ->  written (8 bytes), name
 */
#ifndef ACCOUNT_H
#define ACCOUNT_H

#include <stdint.h>

#include "state.h"

struct account {
	char name[LIMIT_ACCOUNT + 1]; /* "kind:what names it"; empty: unknown */
	uint64_t written; /* how often we wrote to it, if it keeps count */
};

/* RC_END when none is known. */
enum rc account_get(struct txn *t, struct span system, struct account *a,
    struct err *e) RC_CHECK;
enum rc account_put(struct txn *t, struct span system,
    const struct account *a, struct err *e) RC_CHECK;
/* All that are known; stops at the first that does not say RC_OK. */
typedef enum rc account_visit(void *arg, struct span system,
    const struct account *a, struct err *e);
enum rc account_each(struct txn *t, account_visit *visit, void *arg,
    struct err *e) RC_CHECK;
/*
 * The next one that is met is taken; all that was read of the former has to
 * be read again.
 */
enum rc account_forget(struct txn *t, struct span system, struct err *e)
    RC_CHECK;

/* RC_PERSON with the way out when `now` is another than the known one, or one
 * that was written to less often. */
enum rc account_check(struct txn *t, struct span system,
    const struct account *now, struct err *e) RC_CHECK;

#endif
