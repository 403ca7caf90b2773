/* SPDX-License-Identifier: MIT */
/*
 * away: systems that had records of an entity, and were not asked of it when
 * something was decided: taken out of systems.jq, not enabled, or without a
 * mapping.  When such a one is back, all is held against what it shows.
 *
 *   meta  "away" \0 entity \0 system  ->  (empty)
 */
#ifndef AWAY_H
#define AWAY_H

#include "policy.h"

/* Notes those that are away now.  The policy is bound to this transaction. */
enum rc away_note(struct txn *t, const struct policy *p, struct err *e)
    RC_CHECK;

/* Was it, since it was last held against what it shows? */
enum rc away_was(struct txn *t, struct span entity, struct span system,
    bool *was, struct err *e) RC_CHECK;
enum rc away_forget(struct txn *t, struct span entity, struct span system,
    struct err *e) RC_CHECK;

#endif
