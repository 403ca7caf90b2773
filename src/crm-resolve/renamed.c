/* SPDX-License-Identifier: MIT */
#include "renamed.h"

#include "../lib/checkpoint.h"

/* It is another than the section's: that one was never read. */
static enum rc
refuse_other(void *arg, struct span object, struct span row, struct err *e)
{
	struct intake *n = arg;
	const struct section *s = &n->in.section;
	struct source src = { s->entity, s->system, object, SPAN("") };
	struct tally tally;
	enum rc rc = tally_get(&n->txn, &src, &tally, e);

	(void)row;
	if (rc || !tally.live)
		return rc == RC_END ? RC_OK : rc;
	return err_set(e, RC_CONFIG, "%llu %.*s records of %.*s are known as "
	    "its %.*s: as %.*s each would be made again elsewhere; name the "
	    "mapping's object so again, or give this one a system of its own "
	    "in systems.jq", (unsigned long long)tally.live,
	    SPAN_ARG(s->entity), SPAN_ARG(s->system), SPAN_ARG(object),
	    SPAN_ARG(s->object));
}

enum rc
renamed_check(struct intake *n, struct err *e)
{
	const struct section *s = &n->in.section;
	struct span ignored;
	enum rc rc = checkpoint_get(&n->txn, s->system, s->object, s->entity,
	    &ignored, e);

	return rc == RC_END ? checkpoint_each(&n->txn, s->system, s->entity,
	    refuse_other, n, e) : rc;
}
