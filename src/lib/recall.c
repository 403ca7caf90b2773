/* SPDX-License-Identifier: MIT */
#include "recall.h"

#define LEAD SPAN("recall")

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

enum rc
recall_each(struct txn *t, struct span entity, recall_visit *visit,
    void *arg, struct err *e)
{
	struct walk w;
	enum rc rc;
	KEY_BUF(prefix);

	KEY(&prefix, LEAD, entity, SPAN(""));
	rc = walk_open(&w, t, TABLE_META, buf_view(&prefix), e);
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
