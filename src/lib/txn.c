/* SPDX-License-Identifier: MIT */
/* txn: transactions over the state, and its keys; see state.h. */
#include "state.h"

#include <stdlib.h>

#include "fault.h"
#include "limits.h"
#include "xalloc.h"

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

/* No transaction of ours is open: the map may be moved. */
static int
grow_map(struct state *s)
{
	MDB_envinfo info;
	MDB_stat st;
	int code = mdb_env_info(s->env, &info);

	if (!code)
		code = mdb_env_stat(s->env, &st);
	if (code || (info.me_last_pgno + 1) * st.ms_psize <
	    info.me_mapsize / 2)
		return code;
	return mdb_env_set_mapsize(s->env, info.me_mapsize * 2);
}

/* ---- where it looked ---- */

void
txn_leave(struct txn *t)
{
	for (size_t i = 0; t->spots && i < TABLE_COUNT; i++)
		if (t->spots[i].cursor)
			mdb_cursor_close(t->spots[i].cursor);
	free(t->spots);
	t->spots = NULL;
}

/* Without clearing what they have room for: it is much, and soon gone. */
static struct spot *
new_spots(void)
{
	struct spot *spots = xmalloc(TABLE_COUNT * sizeof *spots);

	for (size_t i = 0; i < TABLE_COUNT; i++) {
		spots[i].cursor = NULL;
		spots[i].knows_last = false;
	}
	return spots;
}

int
txn_spot(struct txn *t, enum state_table table, struct spot **spot)
{
	if (!t->spots)
		t->spots = new_spots();
	*spot = &t->spots[table];
	return (*spot)->cursor ? 0 : mdb_cursor_open(t->mdb,
	    t->state->table[table], &(*spot)->cursor);
}

static void
note_last(struct spot *s, MDB_val key)
{
	s->knows_last = key.mv_size <= sizeof s->last;
	if (!s->knows_last)
		return;
	memcpy(s->last, key.mv_data, key.mv_size);
	s->last_len = key.mv_size;
}

/* Without MDB_APPEND LMDB splits the last page in the middle. */
static int
append(struct spot *s, MDB_val *k, MDB_val *v)
{
	MDB_val last, ignored;
	int code = mdb_cursor_put(s->cursor, k, v, MDB_APPEND);

	if (!code)
		note_last(s, *k);
	else if (code == MDB_KEYEXIST && !mdb_cursor_get(s->cursor, &last,
	    &ignored, MDB_LAST))
		note_last(s, last);
	return code;
}

/* ---- transactions ---- */

enum rc
txn_begin(struct txn *t, struct state *s, bool write, struct err *e)
{
	int code = write ? grow_map(s) : 0;
	enum rc rc;

	*t = (struct txn){ .state = s, .write = write };
	if (!code)
		code = mdb_txn_begin(s->env, NULL, write ? 0 : MDB_RDONLY,
		    &t->mdb);
	if (code == MDB_MAP_RESIZED) {
		code = mdb_env_set_mapsize(s->env, 0);
		if (!code)
			code = mdb_txn_begin(s->env, NULL,
			    write ? 0 : MDB_RDONLY, &t->mdb);
	}
	if (code) {
		t->mdb = NULL;
		return state_fail(code, "beginning a transaction", e);
	}
	rc = name_load(t, e);
	t->names_before = s->name_count;
	if (rc)
		txn_abort(t);
	return rc;
}

enum rc
txn_commit(struct txn *t, struct err *e)
{
	int code;

	fault_step("state.commit");
	txn_leave(t);
	code = mdb_txn_commit(t->mdb);
	t->mdb = NULL;
	if (!code)
		return RC_OK;
	t->state->name_count = t->names_before;
	return state_fail(code, "committing", e);
}

void
txn_abort(struct txn *t)
{
	if (!t->mdb)
		return;
	txn_leave(t);
	mdb_txn_abort(t->mdb);
	t->mdb = NULL;
	t->state->name_count = t->names_before;
}

enum rc
txn_renew(struct txn *t, struct err *e)
{
	int code;

	txn_leave(t);
	mdb_txn_reset(t->mdb);
	code = mdb_txn_renew(t->mdb);
	if (code == MDB_MAP_RESIZED) {
		code = mdb_env_set_mapsize(t->state->env, 0);
		if (!code)
			code = mdb_txn_renew(t->mdb);
	}
	return code ? state_fail(code, "renewing a snapshot", e) :
	    name_load(t, e);
}

enum rc
txn_get(struct txn *t, enum state_table table, struct span key,
    struct span *value, struct err *e)
{
	MDB_val k = to_val(key), v;
	struct spot *spot;
	int code = txn_spot(t, table, &spot);

	*value = span_of(NULL, 0);
	if (!code)
		code = mdb_cursor_get(spot->cursor, &k, &v, MDB_SET);
	if (code == MDB_NOTFOUND)
		return RC_END;
	if (code)
		return state_fail(code, "reading", e);
	*value = to_span(v);
	return RC_OK;
}

enum rc
txn_put(struct txn *t, enum state_table table, struct span key,
    struct span value, struct err *e)
{
	MDB_val k = to_val(key), v = to_val(value);
	struct spot *spot;
	int code = txn_spot(t, table, &spot);
	bool old;

	if (!key.len || key.len > LIMIT_KEY)
		return err_set(e, RC_RECORD, "its names and id are together "
		    "longer than %d bytes", LIMIT_KEY);
	old = spot->knows_last && span_cmp(key, span_of(spot->last,
	    spot->last_len)) <= 0;
	if (!code && !old)
		code = append(spot, &k, &v);
	if (code == MDB_KEYEXIST || (!code && old))
		code = mdb_cursor_put(spot->cursor, &k, &v, 0);
	return code ? state_fail(code, "writing", e) : RC_OK;
}

enum rc
txn_del(struct txn *t, enum state_table table, struct span key,
    struct err *e)
{
	MDB_val k = to_val(key), v;
	struct spot *spot;
	int code = txn_spot(t, table, &spot);

	if (!code)
		code = mdb_cursor_get(spot->cursor, &k, &v, MDB_SET);
	if (!code)
		code = mdb_cursor_del(spot->cursor, 0);
	if (code && code != MDB_NOTFOUND)
		return state_fail(code, "deleting", e);
	return RC_OK;
}

/* ---- keys ---- */

void
key_put(struct buf *b, size_t n, const struct span *parts)
{
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_putc(b, '\0');
		buf_span(b, parts[i]);
	}
}

struct span
key_take(struct span *key)
{
	const char *nul = key->len ? memchr(key->ptr, '\0', key->len) : NULL;
	struct span part = span_of(key->ptr, nul ?
	    (size_t)(nul - key->ptr) : key->len);
	size_t used = part.len + (nul != NULL);

	*key = span_of(key->ptr + used, key->len - used);
	return part;
}
