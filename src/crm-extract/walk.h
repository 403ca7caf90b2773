/* SPDX-License-Identifier: MIT */
/* walk: one object of one system as one section on stdout. */
#ifndef WALK_H
#define WALK_H

#include "../lib/account.h"
#include "../lib/run.h"
#include "source.h"

struct listing {
	struct run *run;
	struct extraction *from;      /* adapter, system, object, what of it */
	bool delta;                   /* what is not listed is not gone */
	uint64_t limit;               /* 0: none */
	const struct opt_list *ids;   /* none: a listing; else these alone */
	struct account account;       /* without a name: not known */
};

/* All outcomes are in w->run. */
void walk_object(const struct listing *w);

#endif
