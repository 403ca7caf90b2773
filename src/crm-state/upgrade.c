/* SPDX-License-Identifier: MIT */
/* upgrade: brings an older state up to this program's format. */
#include "commands.h"

#include <stdio.h>

#include "../lib/state.h"

/* Opening it to write does that, whoever does: here somebody means it. */
void
upgrade_run(struct run *r)
{
	struct state *s = NULL;
	unsigned long long from = 0;
	struct err e;
	enum rc rc = state_open(&s, true, &e);

	if (!rc)
		from = s->format;
	state_close(s);
	s = NULL;
	if (!rc)
		rc = state_open(&s, false, &e);
	if (rc)
		run_problem(r, NULL, rc, &e);
	else
		printf("{\"type\":\"upgrade\",\"from\":%llu,\"to\":%llu}\n",
		    from, (unsigned long long)s->format);
	state_close(s);
}
