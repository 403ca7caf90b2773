/* SPDX-License-Identifier: MIT */
#include "recall.h"

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
recall_del(struct txn *t, struct span entity, struct span uid, struct err *e)
{
	KEY_BUF(key);

	KEY(&key, LEAD, entity, uid);
	return txn_del(t, TABLE_META, buf_view(&key), e);
}

static enum rc
each(struct txn *t, struct span prefix, recall_visit *visit, void *arg,
    struct err *e)
{
	struct walk w;
	enum rc rc = walk_open(&w, t, TABLE_META, prefix, e);

	if (!rc)
		rc = walk_next(&w, e);
	for (; rc == RC_OK; rc = walk_next(&w, e)) {
		rc = visit(arg, span_of(w.key.ptr + prefix.len, w.key.len -
		    prefix.len), e);
		if (rc)
			break;
	}
	walk_close(&w);
	return rc == RC_END ? RC_OK : rc;
}

enum rc
recall_each(struct txn *t, struct span entity, recall_visit *visit,
    void *arg, struct err *e)
{
	KEY_BUF(prefix);

	KEY(&prefix, LEAD, entity, SPAN(""));
	return each(t, buf_view(&prefix), visit, arg, e);
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
recall_each_for(struct txn *t, struct span system, struct span entity,
    recall_visit *visit, void *arg, struct err *e)
{
	KEY_BUF(prefix);

	KEY(&prefix, LEAD_FOR, system, entity, SPAN(""));
	return each(t, buf_view(&prefix), visit, arg, e);
}
