/* SPDX-License-Identifier: MIT */
/* network: what all who speak to a system know of it; see budget.h. */
#include "status.h"

#include "../lib/account.h"
#include "../lib/budget.h"

/* What cannot be read is not known: nothing else hangs on it. */
static bool
look(struct status *s, const struct system *system, struct budget_look *l)
{
	struct account a = { .written = 0 };
	struct span account = system->name;
	unsigned reserve = system->reserve < 0 ? BUDGET_RESERVE :
	    (unsigned)system->reserve;
	struct err ignored;

	if (account_get(&s->txn, system->name, &a, &ignored) == RC_OK &&
	    a.name[0])
		account = span_str(a.name);
	return budget_look(l, account, system->name, reserve, &ignored) ==
	    RC_OK;
}

void
network(struct status *s)
{
	for (size_t i = 0; i < s->systems.count; i++) {
		const struct system *system = &s->systems.items[i];
		struct link_state *n = &s->network[s->network_count];
		struct budget_look l;

		if (!system->enabled || !look(s, system, &l) ||
		    (l.today.left == UINT64_MAX && !l.closed))
			continue;
		*n = (struct link_state){ .system = system->name,
			.most = l.today.most, .left = l.today.left,
			.end = l.today.end, .closed = l.closed };
		s->network_count++;
	}
}
