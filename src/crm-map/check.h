/* SPDX-License-Identifier: MIT */
/* check: what the parts of checking mappings share. */
#ifndef CHECK_H
#define CHECK_H

#include "../lib/home.h"
#include "../lib/mapping.h"
#include "../lib/run.h"

struct check {
	struct run *run;
	struct systems systems;
	const struct system *live; /* held against that account, or NULL */
	const char *name;      /* of the mapping being checked */
	struct span directory; /* it names, or empty */
	size_t problems;
};

/* Says "NAME: field FIELD: ..." (or without a field) and counts it. */
void check_problem(struct check *c, struct span field, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* live: does the account have what the mapping names, as it is used? */
enum rc live_check(struct check *c, const struct mapping *m, struct err *e)
    RC_CHECK;

#endif
