/* SPDX-License-Identifier: MIT */
/*
 * hubspot_turns: does a cursor lead back to where one led before?  One is
 * remembered, the next one twice as many pages on: whatever goes round meets
 * it in the end, and nothing grows.
 */
#include "hubspot.h"

#include "../lib/hash.h"

bool
hubspot_turns_again(struct hubspot_turns *t, struct span after)
{
	uint64_t at = hash64(after, 1);

	if (t->pages && at == t->mark)
		return true;
	t->pages++;
	if ((t->pages & (t->pages - 1)) == 0)
		t->mark = at;
	return false;
}
