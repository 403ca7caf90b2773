/* SPDX-License-Identifier: MIT */
/* walk: one object of one system as one section on stdout. */
#ifndef WALK_H
#define WALK_H

#include "../adapters/adapter.h"
#include "../lib/account.h"
#include "../lib/run.h"

struct listing {
	struct run *run;
	const struct adapter *adapter;
	struct read_request *request; /* system, object, what to read */
	bool delta;                   /* what is not listed is not gone */
	uint64_t limit;               /* 0: none */
	struct account account;       /* without a name: not known */
};

/* All outcomes are in w->run. */
void walk_object(const struct listing *w);

#endif
