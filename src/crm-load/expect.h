/* SPDX-License-Identifier: MIT */
/*
 * expect: the line by which crm-map will show what we just wrote.  Its hash in
 * the link lets crm-diff know our own write by its bytes.  A guess that is
 * wrong costs a comparison and nothing else: the same bytes say the same.
 */
#ifndef EXPECT_H
#define EXPECT_H

#include "load.h"

/* Hash of the canonical line of this side; all zero when it cannot be told. */
enum rc expect_seen(struct load *l, struct txn *t, const struct outlet *o,
    const struct record *r, const struct side *side, struct hash128 *seen,
    struct err *e) RC_CHECK;

#endif
