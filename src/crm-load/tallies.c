/* SPDX-License-Identifier: MIT */
/* tallies: declared in load.h. */
#include "load.h"

#include "../lib/link.h"

static struct source
source_of(const struct outlet *o)
{
	return (struct source){ o->policy->entity->name, o->system->name,
		o->system->object, SPAN("") };
}

enum rc
tallies_change(struct txn *t, struct outlet *o, bool was, bool is,
    uint64_t *ordinal, struct err *e)
{
	struct source src = source_of(o);
	enum rc rc = o->tallied ? RC_OK : tally_get(t, &src,
	    &o->system->tally, e);

	if (rc)
		return rc;
	o->tallied = true;
	if (ordinal)
		*ordinal = o->system->tally.next++;
	o->system->tally.live += is;
	o->system->tally.live -= was;
	return RC_OK;
}

enum rc
tallies_put(struct load *l, struct txn *t, struct err *e)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; i < l->outlet_count && !rc; i++) {
		struct outlet *o = &l->outlet[i];
		struct source src = source_of(o);

		if (o->tallied)
			rc = tally_put(t, &src, &o->system->tally, e);
		o->tallied = false;
	}
	return rc;
}
