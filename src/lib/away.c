/* SPDX-License-Identifier: MIT */
#include "away.h"

#define LEAD SPAN("away")

static bool
is_asked(const struct policy *p, uint32_t id)
{
	for (size_t i = 0; i < p->system_count; i++)
		if (p->systems[i].id == id)
			return p->systems[i].enabled && p->systems[i].mapping;
	return false;
}

enum rc
away_was(struct txn *t, struct span entity, struct span system, bool *was,
    struct err *e)
{
	struct span ignored;
	enum rc rc;
	KEY_BUF(key);

	KEY(&key, LEAD, entity, system);
	rc = txn_get(t, TABLE_META, buf_view(&key), &ignored, e);
	*was = rc == RC_OK;
	return rc == RC_END ? RC_OK : rc;
}

/* The row is there as a rule: it is not written with every run. */
static enum rc
note(struct txn *t, struct span entity, struct span system, struct err *e)
{
	bool was;
	enum rc rc = away_was(t, entity, system, &was, e);
	KEY_BUF(key);

	KEY(&key, LEAD, entity, system);
	return rc || was ? rc : txn_put(t, TABLE_META, buf_view(&key),
	    SPAN(""), e);
}

enum rc
away_note(struct txn *t, const struct policy *p, struct err *e)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; i < p->id_count && !rc; i++)
		if (!is_asked(p, p->ids[i]))
			rc = note(t, p->entity->name, name_of(t->state,
			    p->ids[i]), e);
	return rc;
}

enum rc
away_forget(struct txn *t, struct span entity, struct span system,
    struct err *e)
{
	KEY_BUF(key);

	KEY(&key, LEAD, entity, system);
	return txn_del(t, TABLE_META, buf_view(&key), e);
}
