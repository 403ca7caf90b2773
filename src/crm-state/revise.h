/* SPDX-License-Identifier: MIT */
/*
 * revise: what a person decides of one record becomes state: what is agreed,
 * what each side stands for, who is to be told, and a line of the audit.
 */
#ifndef REVISE_H
#define REVISE_H

#include "../lib/audit_tell.h"

struct revision {
	const struct policy *policy;
	struct audit *audit;         /* begun in this transaction; or NULL */
	const struct record *before;
	struct record *record;       /* as it is to be, all sides loaded */
	const struct reason *why; /* by the record's field */
	const char *by;              /* "person", "undo" */
	struct span of;              /* the run that is undone, or empty */
	bool proposed;               /* it waits for crm-state approve */
	uint64_t stays;              /* by bit of the policy's system: what it
	                                has is left standing, as skipped */
	struct arena *arena;
	/* out: who is to be told; some only once crm-state approve says so */
	struct target *targets;
	bool *waits;                 /* by target */
	size_t target_count, waiting;
};

/*
 * Raises the record's version.  What was not to be sent yet still waits: a word
 * on one field approves no other.  The caller commits.
 */
enum rc revise_put(struct revision *v, struct txn *t, struct err *e)
    RC_CHECK;

/* Says who is to be told, and changes nothing (but the version). */
void revise_plan(struct revision *v);

/* The agreed record with all its sides. */
enum rc revise_load(const struct policy *p, struct txn *t, struct span entity,
    struct span uid, struct arena *a, struct record *r, struct err *e)
    RC_CHECK;

#endif
