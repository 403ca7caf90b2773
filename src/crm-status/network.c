/* SPDX-License-Identifier: MIT */
/* network: what all who speak to a system know of it; see budget.h. */
#include "status.h"

#include "../lib/budget.h"

/* What cannot be read is not known: nothing else hangs on it. */
static bool
look(const struct system *system, struct budget_look *l)
{
	unsigned reserve = system->reserve < 0 ? BUDGET_RESERVE :
	    (unsigned)system->reserve;
	struct err ignored;

	return budget_look(l, system->name, reserve, &ignored) == RC_OK;
}

void
network(struct status *s)
{
	for (size_t i = 0; i < s->systems.count; i++) {
		const struct system *system = &s->systems.items[i];
		struct link_state *n = &s->network[s->network_count];
		struct budget_look l;

		if (!system->enabled || !look(system, &l) ||
		    (l.today.left == UINT64_MAX && !l.closed))
			continue;
		*n = (struct link_state){ .system = system->name,
			.most = l.today.most, .left = l.today.left,
			.end = l.today.end, .closed = l.closed };
		s->network_count++;
	}
}
