/* SPDX-License-Identifier: MIT */
#include "renamed.h"

#include "../lib/checkpoint.h"

static enum rc
refuse_other(struct intake *n, struct span object, struct err *e)
{
	const struct section *s = &n->in.section;
	struct source src = { s->entity, s->system, object, SPAN("") };
	struct tally tally;
	enum rc rc = tally_get(&n->txn, &src, &tally, e);

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
	struct walk w;
	enum rc rc = checkpoint_get(&n->txn, s->system, s->object, s->entity,
	    &ignored, e);
	KEY_BUF(prefix);

	if (rc != RC_END)
		return rc;
	KEY(&prefix, s->system, SPAN(""));
	rc = walk_open(&w, &n->txn, TABLE_CHECKPOINT, buf_view(&prefix), e);
	while (!rc) {
		struct span rest, object;

		rc = walk_next(&w, e);
		if (rc)
			break;
		rest = span_of(w.key.ptr + prefix.len, w.key.len -
		    prefix.len);
		object = key_take(&rest);
		if (span_eq(rest, s->entity))
			rc = refuse_other(n, object, e);
	}
	walk_close(&w);
	return rc == RC_END ? RC_OK : rc;
}
