/* SPDX-License-Identifier: MIT */
#include "missed.h"

#include "../lib/todo.h"

/* RC_END: it is not to be read again. */
static enum rc
find_row(const struct work *w, const struct observation *o, struct todo *row,
    struct err *e)
{
	const struct source src = { w->policy->entity->name,
		w->policy->systems[o->system].name, o->object, o->id };

	return todo_get(w->txn, &src, row, e);
}

enum rc
missed_all(const struct work *w, const struct observation *o, bool *missed,
    struct err *e)
{
	struct todo row;
	enum rc rc = find_row(w, o, &row, e);

	*missed = rc == RC_OK && !span_eq(row.why, TODO_REFERS);
	return rc == RC_END ? RC_OK : rc;
}

enum rc
missed_it(const struct work *w, const struct observation *o,
    const struct side *s, size_t at, bool *missed, struct err *e)
{
	const struct agreed_field *a = &w->d->record.fields[at];
	struct todo row;
	enum rc rc;

	/* what nobody said has no origin; what it said itself is no news */
	if (!a->origin || a->origin == s->system || !s->synced ||
	    s->synced >= a->time)
		return RC_OK;
	if (w->policy->systems[o->system].read_at <= a->time) {
		*missed = true;
		return RC_OK;
	}
	rc = find_row(w, o, &row, e);
	*missed |= rc == RC_OK;
	return rc == RC_END ? RC_OK : rc;
}
