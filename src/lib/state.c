/* SPDX-License-Identifier: MIT */
#include "state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clock.h"
#include "fault.h"
#include "home.h"
#include "limits.h"
#include "xalloc.h"

#define STATE_FORMAT 1
#define PATH_CAP 4096
#define MAP_FIRST ((size_t)16 << 30) /* address space, not disk */

static const char *const table_name[TABLE_COUNT] = { "meta", "name", "link",
	"agreed", "shadow", "outbox", "conflict", "match", "todo", "checkpoint",
	"run" };

enum rc
state_fail(int code, const char *what, struct err *e)
{
	enum rc rc = RC_STATE;

	if (code == ENOSPC || code == EIO || code == ENOMEM ||
	    code == EACCES || code == EROFS || code == MDB_READERS_FULL ||
	    code == MDB_MAP_FULL || code == EDQUOT)
		rc = RC_SYSTEM;
	return err_set(e, rc, "state: %s: %s%s", what, mdb_strerror(code),
	    rc == RC_STATE ? "; see crm-state check" : "");
}

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

/* ---- names ---- */

static void
remember_name(struct state *s, struct span name)
{
	s->name = xrealloc(s->name, (s->name_count + 1) * sizeof *s->name);
	s->name[s->name_count++] = arena_dup(&s->names, name);
}

static void
name_key(struct buf *b, size_t id)
{
	buf_reset(b);
	buf_putc(b, (char)(id >> 8));
	buf_putc(b, (char)(id & 255));
}

/* Names others have interned since we looked. */
static enum rc
load_names(struct txn *t, struct err *e)
{
	struct state *s = t->state;
	struct span value;
	struct buf key;
	enum rc rc;

	buf_init(&key, 8, "name key");
	do {
		name_key(&key, s->name_count);
		rc = txn_get(t, TABLE_NAME, buf_view(&key), &value, e);
		if (rc == RC_OK)
			remember_name(s, value);
	} while (rc == RC_OK);
	buf_free(&key);
	return rc == RC_END ? RC_OK : rc;
}

bool
name_find(const struct state *s, struct span name, uint32_t *id)
{
	for (size_t i = 0; i < s->name_count; i++)
		if (span_eq(s->name[i], name)) {
			*id = (uint32_t)i;
			return true;
		}
	return false;
}

enum rc
name_intern(struct txn *t, struct span name, uint32_t *id, struct err *e)
{
	struct state *s = t->state;
	struct buf key;
	enum rc rc;

	if (name_find(s, name, id))
		return RC_OK;
	if (s->name_count >= 65535)
		return err_set(e, RC_STATE, "state: more than 65535 names");
	*id = (uint32_t)s->name_count;
	if (!t->write) {
		remember_name(s, name);
		return RC_OK;
	}
	buf_init(&key, 8, "name key");
	name_key(&key, s->name_count);
	rc = txn_put(t, TABLE_NAME, buf_view(&key), name, e);
	buf_free(&key);
	if (rc)
		return rc;
	remember_name(s, name);
	return RC_OK;
}

struct span
name_of(const struct state *s, uint64_t id)
{
	return id < s->name_count ? s->name[id] : span_of(NULL, 0);
}

/* ---- environment ---- */

static enum rc
open_tables(struct state *s, MDB_txn *mdb, unsigned flags, struct err *e)
{
	for (int i = 0; i < TABLE_COUNT; i++) {
		int code = mdb_dbi_open(mdb, table_name[i], flags,
		    &s->table[i]);

		if (code == MDB_NOTFOUND)
			return err_set(e, RC_STATE, "state: table %s is "
			    "missing; restore a backup (crm-state restore)",
			    table_name[i]);
		if (code)
			return state_fail(code, "opening a table", e);
	}
	return RC_OK;
}

static enum rc
open_env(struct state *s, const char *path, unsigned flags, struct err *e)
{
	int code = mdb_env_create(&s->env);

	if (!code)
		code = mdb_env_set_maxdbs(s->env, TABLE_COUNT);
	if (!code)
		code = mdb_env_set_mapsize(s->env, MAP_FIRST);
	if (!code)
		code = mdb_env_open(s->env, path, flags | MDB_NOTLS, 0600);
	if (code == ENOENT)
		return err_set(e, RC_STATE, "state: %s/data.mdb is missing; "
		    "restore a backup (crm-state restore)", path);
	return code ? state_fail(code, path, e) : RC_OK;
}

static enum rc
get_meta(struct txn *t, const char *name, uint64_t *value, struct err *e)
{
	struct span v;
	enum rc rc = txn_get(t, TABLE_META, span_str(name), &v, e);

	if (rc == RC_END || (rc == RC_OK && v.len != sizeof *value))
		return err_set(e, RC_STATE, "state: %s is damaged; restore a "
		    "backup (crm-state restore)", name);
	if (rc == RC_OK)
		memcpy(value, v.ptr, sizeof *value);
	return rc;
}

static enum rc
read_meta(struct state *s, struct err *e)
{
	uint64_t format = 0;
	struct txn t;
	enum rc rc = txn_begin(&t, s, false, e);

	if (rc)
		return rc;
	rc = get_meta(&t, "format", &format, e);
	if (!rc && format != STATE_FORMAT)
		rc = err_set(e, RC_STATE, "state: format %llu is newer than "
		    "this program's %d: install the newer toolchain",
		    (unsigned long long)format, STATE_FORMAT);
	if (!rc)
		rc = get_meta(&t, "seed", &s->seed, e);
	if (!rc)
		rc = get_meta(&t, "epoch", &s->epoch, e);
	txn_abort(&t);
	return rc;
}

static enum rc
open_at(struct state **out, const char *path, bool read_only, struct err *e)
{
	struct state *s = xcalloc(1, sizeof *s);
	MDB_txn *mdb = NULL;
	enum rc rc;
	int code;

	arena_init(&s->names);
	s->read_only = read_only;
	rc = open_env(s, path, read_only ? MDB_RDONLY : 0, e);
	if (rc)
		goto out;
	code = mdb_txn_begin(s->env, NULL, MDB_RDONLY, &mdb);
	if (code) {
		rc = state_fail(code, "opening", e);
		goto out;
	}
	rc = open_tables(s, mdb, 0, e);
	if (rc)
		goto out;
	code = mdb_txn_commit(mdb);
	mdb = NULL;
	rc = code ? state_fail(code, "opening", e) : read_meta(s, e);
out:
	if (mdb)
		mdb_txn_abort(mdb);
	if (rc) {
		state_close(s);
		s = NULL;
	}
	*out = s;
	return rc;
}

static enum rc
state_path(char path[PATH_CAP], const char *home, const char *leaf,
    struct err *e)
{
	int n = snprintf(path, PATH_CAP, "%s/state%s", home, leaf);

	if (n < 0 || n >= PATH_CAP)
		return err_set(e, RC_CONFIG, "the path of the home is too "
		    "long");
	return RC_OK;
}

enum rc
state_open(struct state **out, bool read_only, struct err *e)
{
	char path[PATH_CAP];
	struct stat st;
	enum rc rc = home_require(e);

	*out = NULL;
	if (!rc)
		rc = state_path(path, home_path(), "/data.mdb", e);
	if (rc)
		return rc;
	if (stat(path, &st) < 0 && errno == ENOENT)
		return err_set(e, RC_STATE, "state: %s is missing; restore a "
		    "backup (crm-state restore)", path);
	rc = state_path(path, home_path(), "", e);
	return rc ? rc : open_at(out, path, read_only, e);
}

void
state_close(struct state *s)
{
	if (!s)
		return;
	if (s->env)
		mdb_env_close(s->env);
	arena_free(&s->names);
	free(s->name);
	free(s);
}

static enum rc
random_u64(uint64_t *n, struct err *e)
{
	const char *pin = getenv("CRM_RUN");
	int fd = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
	bool read_all;

	*n = 0x9e3779b97f4a7c15u; /* pinned runs give the same bytes */
	if (pin && pin[0]) {
		if (fd >= 0)
			close(fd);
		return RC_OK;
	}
	read_all = fd >= 0 && read(fd, n, sizeof *n) == sizeof *n;
	if (fd >= 0)
		close(fd);
	return read_all ? RC_OK : err_set(e, RC_SYSTEM, "/dev/urandom cannot "
	    "be read");
}

static enum rc
write_meta(struct state *s, MDB_txn *mdb, struct err *e)
{
	uint64_t format = STATE_FORMAT, seed, epoch;
	struct txn t = { .state = s, .mdb = mdb, .write = true };
	enum rc rc = random_u64(&seed, e);

	if (!rc)
		rc = random_u64(&epoch, e);
	if (!rc)
		rc = txn_put(&t, TABLE_META, SPAN("format"),
		    span_of((char *)&format, sizeof format), e);
	if (!rc)
		rc = txn_put(&t, TABLE_META, SPAN("seed"),
		    span_of((char *)&seed, sizeof seed), e);
	if (!rc)
		rc = txn_put(&t, TABLE_META, SPAN("epoch"),
		    span_of((char *)&epoch, sizeof epoch), e);
	return rc;
}

enum rc
state_create(const char *home, struct err *e)
{
	struct state *s = xcalloc(1, sizeof *s);
	char path[PATH_CAP];
	MDB_txn *mdb = NULL;
	enum rc rc;
	int code;

	arena_init(&s->names);
	rc = state_path(path, home, "", e);
	if (!rc && mkdir(path, 0700) < 0)
		rc = err_errno(e, RC_CONFIG, "making %s", path);
	if (!rc)
		rc = open_env(s, path, 0, e);
	if (rc)
		goto out;
	code = mdb_txn_begin(s->env, NULL, 0, &mdb);
	rc = code ? state_fail(code, "creating", e) :
	    open_tables(s, mdb, MDB_CREATE, e);
	if (!rc)
		rc = write_meta(s, mdb, e);
	if (rc)
		goto out;
	code = mdb_txn_commit(mdb);
	mdb = NULL;
	if (code)
		rc = state_fail(code, "creating", e);
out:
	if (mdb)
		mdb_txn_abort(mdb);
	state_close(s);
	return rc;
}

/* ---- transactions ---- */

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
	rc = load_names(t, e);
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
	mdb_txn_abort(t->mdb);
	t->mdb = NULL;
	t->state->name_count = t->names_before;
}

enum rc
txn_renew(struct txn *t, struct err *e)
{
	int code;

	mdb_txn_reset(t->mdb);
	code = mdb_txn_renew(t->mdb);
	if (code == MDB_MAP_RESIZED) {
		code = mdb_env_set_mapsize(t->state->env, 0);
		if (!code)
			code = mdb_txn_renew(t->mdb);
	}
	return code ? state_fail(code, "renewing a snapshot", e) :
	    load_names(t, e);
}

enum rc
txn_get(struct txn *t, enum state_table table, struct span key,
    struct span *value, struct err *e)
{
	MDB_val k = to_val(key), v;
	int code = mdb_get(t->mdb, t->state->table[table], &k, &v);

	*value = span_of(NULL, 0);
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
	int code;

	if (!key.len || key.len > LIMIT_KEY)
		return err_set(e, RC_RECORD, "its names and id are together "
		    "longer than %d bytes", LIMIT_KEY);
	/* without MDB_APPEND LMDB splits the last page in the middle */
	code = mdb_put(t->mdb, t->state->table[table], &k, &v, MDB_APPEND);
	if (code == MDB_KEYEXIST)
		code = mdb_put(t->mdb, t->state->table[table], &k, &v, 0);
	return code ? state_fail(code, "writing", e) : RC_OK;
}

enum rc
txn_del(struct txn *t, enum state_table table, struct span key,
    struct err *e)
{
	MDB_val k = to_val(key);
	int code = mdb_del(t->mdb, t->state->table[table], &k, NULL);

	if (code && code != MDB_NOTFOUND)
		return state_fail(code, "deleting", e);
	return RC_OK;
}

/* ---- walks and keys ---- */

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
