/* SPDX-License-Identifier: MIT */
/*
 * overtaken: a reading that was committed between a claim and its
 * acknowledgement moves the checkpoint, and with it the row's bytes.
 */
#include "load.h"

#include "../lib/checkpoint.h"

/* Of what was last read of the outlet's object; zeros: nothing was. */
static enum rc
last_reading(struct load *l, struct txn *t, const struct outlet *o,
    struct hash128 *reading, struct err *e)
{
	struct span row;
	enum rc rc = checkpoint_get(t, l->system->name, o->system->object,
	    o->policy->entity->name, &row, e);

	*reading = (struct hash128){ 0, 0 };
	if (!rc)
		*reading = hash128(row, l->state->seed);
	return rc == RC_END ? RC_OK : rc;
}

enum rc
overtaken_note(struct load *l, struct txn *t, struct err *e)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; i < l->outlet_count && !rc; i++)
		rc = last_reading(l, t, &l->outlet[i], &l->outlet[i].reading,
		    e);
	return rc;
}

enum rc
overtaken_look(struct load *l, struct txn *t, struct err *e)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; i < l->outlet_count && !rc; i++) {
		struct outlet *o = &l->outlet[i];
		struct hash128 now;

		rc = last_reading(l, t, o, &now, e);
		o->overtaken = !rc && !hash128_eq(now, o->reading);
	}
	return rc;
}
