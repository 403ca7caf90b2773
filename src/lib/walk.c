/* SPDX-License-Identifier: MIT */
/* walk: rows in the order of their keys; see state.h. */
#include "state.h"

static MDB_val
to_val(struct span s)
{
	return (MDB_val){ .mv_size = s.len, .mv_data = (void *)s.ptr };
}

static struct span
to_span(MDB_val v)
{
	return span_of(v.mv_data, v.mv_size);
}

enum rc
walk_open(struct walk *w, struct txn *t, enum state_table table,
    struct span prefix, struct err *e)
{
	int code;

	*w = (struct walk){ .txn = t, .prefix = prefix };
	code = mdb_cursor_open(t->mdb, t->state->table[table], &w->cursor);
	return code ? state_fail(code, "walking", e) : RC_OK;
}

static enum rc
stand(struct walk *w, int code, MDB_val k, MDB_val v, struct err *e)
{
	if (code == MDB_NOTFOUND)
		return RC_END;
	if (code)
		return state_fail(code, "walking", e);
	w->key = to_span(k);
	w->value = to_span(v);
	if (w->key.len < w->prefix.len || memcmp(w->key.ptr, w->prefix.ptr,
	    w->prefix.len) != 0)
		return RC_END;
	return RC_OK;
}

enum rc
walk_from(struct walk *w, struct span key, struct err *e)
{
	MDB_val k = to_val(key), v;
	int code = mdb_cursor_get(w->cursor, &k, &v, MDB_SET_RANGE);

	w->started = true;
	return stand(w, code, k, v, e);
}

enum rc
walk_next(struct walk *w, struct err *e)
{
	MDB_val k, v;
	int code;

	if (!w->started && w->prefix.len)
		return walk_from(w, w->prefix, e);
	code = mdb_cursor_get(w->cursor, &k, &v,
	    w->started ? MDB_NEXT : MDB_FIRST);
	w->started = true;
	return stand(w, code, k, v, e);
}

enum rc
walk_seek(struct walk *w, struct span key, struct err *e)
{
	MDB_val k = to_val(key), v;
	int code = mdb_cursor_get(w->cursor, &k, &v, MDB_SET_KEY);

	w->started = true;
	return stand(w, code, k, v, e);
}

void
walk_close(struct walk *w)
{
	if (w->cursor)
		mdb_cursor_close(w->cursor);
	w->cursor = NULL;
}

/* ---- whole walks ---- */

/* The first key with the prefix; the walk is open also when there is none. */
static enum rc
first(struct walk *w, struct txn *t, enum state_table table,
    struct span prefix, struct err *e)
{
	enum rc rc = walk_open(w, t, table, prefix, e);

	return rc ? rc : walk_next(w, e);
}

enum rc
walk_any(struct txn *t, enum state_table table, struct span prefix, bool *any,
    struct err *e)
{
	struct walk w = { .txn = t, .prefix = prefix };
	struct spot *spot;
	int code = txn_spot(t, table, &spot);
	enum rc rc;

	*any = false;
	if (code)
		return state_fail(code, "walking", e);
	w.cursor = spot->cursor;
	rc = walk_next(&w, e);
	*any = rc == RC_OK;
	return rc == RC_END ? RC_OK : rc;
}

enum rc
walk_each(struct txn *t, enum state_table table, struct span prefix,
    walk_visit *visit, void *arg, struct err *e)
{
	struct walk w;
	enum rc rc = first(&w, t, table, prefix, e);

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
walk_delete(struct txn *t, enum state_table table, struct span prefix,
    struct err *e)
{
	enum rc rc;

	do {
		struct walk w;
		KEY_BUF(key);

		rc = first(&w, t, table, prefix, e);
		if (!rc)
			buf_span(&key, w.key);
		walk_close(&w);
		if (!rc)
			rc = txn_del(t, table, buf_view(&key), e);
	} while (!rc);
	return rc == RC_END ? RC_OK : rc;
}
