/* SPDX-License-Identifier: MIT */
/* policies: the policy of each entity a command meets, loaded once. */
#ifndef POLICIES_H
#define POLICIES_H

#include "../lib/policy.h"

struct policies {
	struct systems systems;
	struct {
		struct policy *policy;
		bool bound;
	} items[LIMIT_SYSTEMS];
	size_t count;
};

/* Reads systems.jq. */
enum rc policies_open(struct policies *ps, struct err *e) RC_CHECK;
void policies_close(struct policies *ps);
/* A transaction begins: names have to be looked up anew. */
void policies_begin(struct policies *ps);
/* The entity's, bound to this transaction. */
enum rc policies_get(struct policies *ps, struct txn *t, struct span entity,
    struct policy **p, struct err *e) RC_CHECK;

#endif
