/* SPDX-License-Identifier: MIT */
/* repair_tally: how many links there are of each object of each system. */
#include "repair.h"

#include "counted.h"

static enum rc
settle(void *arg, const struct source *s, const struct tally *n,
    struct err *e)
{
	struct repair *k = arg;
	struct tally put = *n, was;
	enum rc rc = counted_hold(&k->txn, s, n, &was, e);

	if (rc != RC_END)
		return rc;
	if (was.next > put.next) /* a higher one only leaves gaps */
		put.next = was.next;
	k->tallies++;
	repair_tell(k, "tally", s->entity, s->system, SPAN(""));
	return tally_put(&k->txn, s, &put, e);
}

static enum rc
count_all(struct repair *k, void *arg, struct err *e)
{
	(void)arg;
	return counted_each(&k->txn, settle, k, e);
}

enum rc
repair_tally(struct repair *k, struct err *e)
{
	return repair_in_one(k, count_all, NULL, e);
}
