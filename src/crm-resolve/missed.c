/* SPDX-License-Identifier: MIT */
#include "missed.h"

#include "../lib/todo.h"

enum rc
missed_listed(const struct work *w, const struct observation *o, bool *listed,
    struct err *e)
{
	const struct source src = { w->policy->entity->name,
		w->policy->systems[o->system].name, o->object, o->id };
	struct todo row;
	enum rc rc = todo_get(w->txn, &src, &row, e);

	*listed = rc == RC_OK;
	return rc == RC_END ? RC_OK : rc;
}

enum rc
missed_it(const struct work *w, const struct observation *o,
    const struct side *s, size_t at, bool *missed, struct err *e)
{
	const struct agreed_field *a = &w->d->record.fields[at];
	bool listed;
	enum rc rc;

	/* what nobody said has no origin; what it said itself is no news */
	if (!a->origin || a->origin == s->system || !s->synced ||
	    s->synced >= a->time)
		return RC_OK;
	if (w->policy->systems[o->system].read_at <= a->time) {
		*missed = true;
		return RC_OK;
	}
	rc = missed_listed(w, o, &listed, e);
	*missed |= listed;
	return rc;
}
