/* SPDX-License-Identifier: MIT */
#include "account.h"

static void
put_key(struct buf *b, struct span system)
{
	KEY(b, SPAN("account"), system);
}

static enum rc
decode(struct span value, struct account *a, struct err *e)
{
	*a = (struct account){ .written = 0 };
	if (value.len < sizeof a->written ||
	    value.len - sizeof a->written > LIMIT_ACCOUNT)
		return err_set(e, RC_STATE, "state: a damaged account; see "
		    "crm-state check");
	memcpy(&a->written, value.ptr, sizeof a->written);
	memcpy(a->name, value.ptr + sizeof a->written,
	    value.len - sizeof a->written);
	return RC_OK;
}

enum rc
account_put(struct txn *t, struct span system, const struct account *a,
    struct err *e)
{
	char room[sizeof a->written + LIMIT_ACCOUNT];
	size_t len = strlen(a->name);
	KEY_BUF(key);

	put_key(&key, system);
	memcpy(room, &a->written, sizeof a->written);
	memcpy(room + sizeof a->written, a->name, len);
	return txn_put(t, TABLE_META, buf_view(&key), span_of(room,
	    sizeof a->written + len), e);
}

enum rc
account_get(struct txn *t, struct span system, struct account *a,
    struct err *e)
{
	struct span value;
	enum rc rc;
	KEY_BUF(key);

	*a = (struct account){ .written = 0 };
	put_key(&key, system);
	rc = txn_get(t, TABLE_META, buf_view(&key), &value, e);
	return rc ? rc : decode(value, a, e);
}

enum rc
account_each(struct txn *t, account_visit *visit, void *arg, struct err *e)
{
	struct account a;
	struct walk w;
	enum rc rc;
	KEY_BUF(prefix);

	KEY(&prefix, SPAN("account"), SPAN(""));
	rc = walk_open(&w, t, TABLE_META, buf_view(&prefix), e);
	if (!rc)
		rc = walk_next(&w, e);
	while (!rc) {
		rc = decode(w.value, &a, e);
		if (!rc)
			rc = visit(arg, span_of(w.key.ptr + prefix.len,
			    w.key.len - prefix.len), &a, e);
		if (!rc)
			rc = walk_next(&w, e);
	}
	walk_close(&w);
	return rc == RC_END ? RC_OK : rc;
}

/* Cursors are the former one's; nothing was read completely any more. */
static enum rc
forget_checkpoints(struct txn *t, struct span system, struct err *e)
{
	KEY_BUF(prefix);

	KEY(&prefix, system, SPAN(""));
	return walk_delete(t, TABLE_CHECKPOINT, buf_view(&prefix), e);
}

enum rc
account_forget(struct txn *t, struct span system, struct err *e)
{
	enum rc rc;
	KEY_BUF(key);

	put_key(&key, system);
	rc = txn_del(t, TABLE_META, buf_view(&key), e);
	return rc ? rc : forget_checkpoints(t, system, e);
}

enum rc
account_check(struct txn *t, struct span system, const struct account *now,
    struct err *e)
{
	struct account was;
	enum rc rc = account_get(t, system, &was, e);

	if (rc)
		return rc == RC_END ? RC_OK : rc;
	if (!now->name[0])
		return err_set(e, RC_PERSON, "account %s should stand behind "
		    "this name, but what is there does not say which it is: "
		    "an empty or another folder? If it is meant: crm-state "
		    "account %.*s --accept", was.name, SPAN_ARG(system));
	if (strcmp(was.name, now->name) != 0)
		return err_set(e, RC_PERSON, "another account stands behind "
		    "this name: %s, no longer %s. If it is meant: crm-state "
		    "account %.*s --accept", now->name, was.name,
		    SPAN_ARG(system));
	if (now->written < was.written)
		return err_set(e, RC_PERSON, "it is older than what was "
		    "written to it: a former copy, or brought back from a "
		    "backup? If it is meant: crm-state account %.*s --accept",
		    SPAN_ARG(system));
	return RC_OK;
}
