/* SPDX-License-Identifier: MIT */
#include "recall.h"

#include "review.h"

#define LEAD SPAN("recall")
#define LEAD_FOR SPAN("await")

enum rc
recall_put(struct txn *t, struct span entity, struct span uid, struct err *e)
{
	KEY_BUF(key);

	KEY(&key, LEAD, entity, uid);
	return txn_put(t, TABLE_META, buf_view(&key), SPAN(""), e);
}

enum rc
recall_freed(void *txn, const struct review *r, struct err *e)
{
	return recall_put(txn, r->entity, r->uid, e);
}

enum rc
recall_del(struct txn *t, struct span entity, struct span uid, struct err *e)
{
	KEY_BUF(key);

	KEY(&key, LEAD, entity, uid);
	return txn_del(t, TABLE_META, buf_view(&key), e);
}

enum rc
recall_each(struct txn *t, struct span entity, walk_visit *visit,
    void *arg, struct err *e)
{
	KEY_BUF(prefix);

	KEY(&prefix, LEAD, entity, SPAN(""));
	return walk_each(t, TABLE_META, buf_view(&prefix), visit, arg, e);
}

/* ---- when a system was read ---- */

enum rc
recall_put_for(struct txn *t, struct span system, struct span entity,
    struct span uid, struct err *e)
{
	KEY_BUF(key);

	KEY(&key, LEAD_FOR, system, entity, uid);
	if (key.len > LIMIT_KEY)
		return err_set(e, RC_RECORD, "its names and id are too long");
	return txn_put(t, TABLE_META, buf_view(&key), SPAN(""), e);
}

enum rc
recall_del_for(struct txn *t, struct span system, struct span entity,
    struct span uid, struct err *e)
{
	KEY_BUF(key);

	KEY(&key, LEAD_FOR, system, entity, uid);
	return key.len > LIMIT_KEY ? RC_OK : txn_del(t, TABLE_META,
	    buf_view(&key), e);
}

enum rc
recall_waits_for(struct txn *t, struct span system, struct span entity,
    struct span uid, bool *waits, struct err *e)
{
	struct span value;
	enum rc rc = RC_END;
	KEY_BUF(key);

	KEY(&key, LEAD_FOR, system, entity, uid);
	if (key.len <= LIMIT_KEY)
		rc = txn_get(t, TABLE_META, buf_view(&key), &value, e);
	*waits = rc == RC_OK;
	return rc == RC_END ? RC_OK : rc;
}

enum rc
recall_each_for(struct txn *t, struct span system, struct span entity,
    walk_visit *visit, void *arg, struct err *e)
{
	KEY_BUF(prefix);

	KEY(&prefix, LEAD_FOR, system, entity, SPAN(""));
	return walk_each(t, TABLE_META, buf_view(&prefix), visit, arg, e);
}
