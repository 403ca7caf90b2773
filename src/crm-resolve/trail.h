/* SPDX-License-Identifier: MIT */
/* trail: what the audit is told of a record's decision. */
#ifndef TRAIL_H
#define TRAIL_H

#include "../lib/audit.h"
#include "decide.h"

/*
 * Before anything of it is put: what was agreed until now is read here.
 * Nothing decided: nothing told.
 */
enum rc trail_decision(struct audit *a, struct txn *t, const struct policy *p,
    const struct observation *obs, size_t n, const struct decision *d,
    struct arena *arena, struct err *e) RC_CHECK;

#endif
