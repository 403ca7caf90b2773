/* SPDX-License-Identifier: MIT */
/* rules: which of several values of one field wins. */
#ifndef RULES_H
#define RULES_H

#include "../lib/policy.h"

struct candidate {
	uint32_t system;   /* interned: who shows it, or where agreed is from */
	struct span value; /* canonical JSON text */
	int64_t time;      /* ms: since when, at the latest */
	bool agreed;       /* it is the agreed value, not a new one */
};

#define RULES_MANUAL SIZE_MAX

/*
 * Index of the winner among n >= 2 different candidates, or RULES_MANUAL: a
 * person decides.  The same candidates in any order give the same winner.
 * `first` asks for the rule for values without a base.  *rule is its name.
 */
size_t rules_pick(const struct policy *p, const struct entity_field *f,
    bool first, const struct candidate *c, size_t n, const char **rule);

/* RC_CONFIG when a field's rule is not one we can apply. */
enum rc rules_check(const struct entity *en, struct err *e) RC_CHECK;

#endif
