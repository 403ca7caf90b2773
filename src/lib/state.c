/* SPDX-License-Identifier: MIT */
#include "state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "directory.h"
#include "home.h"
#include "local.h"
#include "waiting.h"
#include "xalloc.h"

/*
 * 2: what is committed is in the audit; programs that know none must not
 * write here.  Rows are those of 1.
 * 3: fields in conflict have rows of their own (waiting.h); what is pending
 * says since when, a side when it was synced.
 * 4: an outbox row may end with what is in flight.  Rows of 3 are such rows.
 * 5: a todo row says since when.  Rows of 4 are rows of long ago.
 */
#define STATE_FORMAT 5

const uint64_t state_format = STATE_FORMAT;
#define PATH_CAP 4096
#define MARK SPAN("backup") /* in meta: this is one */
#define MAP_FIRST ((size_t)16 << 30) /* address space, not disk */

static const char *const table_name[TABLE_COUNT] = { "meta", "name", "link",
	"agreed", "shadow", "outbox", "conflict", "match", "todo", "checkpoint",
	"run" };

enum rc
state_fail(int code, const char *what, struct err *e)
{
	enum rc rc = RC_STATE;

	/* an empty file is EBADF; a PANIC is a failed write's, and only this
	 * process's; of what is no state at all there is nothing to check */
	if ((code > 0 && code != EINVAL && code != EBADF) ||
	    code == MDB_READERS_FULL || code == MDB_MAP_FULL ||
	    code == MDB_PANIC)
		rc = RC_SYSTEM;
	return err_set(e, rc, "state: %s: %s%s", what, code == EBADF ?
	    "data.mdb is empty" : mdb_strerror(code), rc != RC_STATE ? "" :
	    code == EBADF || code == MDB_INVALID ? "; bring back a copy of "
	    "the home, or crm-state restore a backup into a new one" :
	    "; see crm-state check");
}

static enum rc
open_tables(struct state *s, MDB_txn *mdb, unsigned flags, struct err *e)
{
	for (int i = 0; i < TABLE_COUNT; i++) {
		int code = mdb_dbi_open(mdb, table_name[i], flags,
		    &s->table[i]);

		if (code == MDB_NOTFOUND)
			return err_set(e, RC_STATE, "state: table %s is "
			    "missing; bring back a copy of the home",
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
		    "bring back a copy of the home", path);
	return code ? state_fail(code, path, e) : RC_OK;
}

static enum rc
get_meta(struct txn *t, const char *name, uint64_t *value, struct err *e)
{
	struct span v;
	enum rc rc = txn_get(t, TABLE_META, span_str(name), &v, e);

	if (rc == RC_END || (rc == RC_OK && v.len != sizeof *value))
		return err_set(e, RC_STATE, "state: %s is damaged; bring "
		    "back a copy of the home", name);
	if (rc == RC_OK)
		memcpy(value, v.ptr, sizeof *value);
	return rc;
}

static enum rc
read_meta(struct state *s, struct err *e)
{
	uint64_t format = 0;
	struct span mark;
	struct txn t;
	enum rc rc = txn_begin(&t, s, false, e);

	if (rc)
		return rc;
	rc = s->copy ? RC_END : txn_get(&t, TABLE_META, MARK, &mark, e);
	if (rc == RC_OK)
		rc = err_set(e, RC_STATE, "state: it is a backup, which does "
		    "not know what happened since: move it away with the "
		    "home, then crm-state restore FILE");
	else if (rc == RC_END)
		rc = get_meta(&t, "format", &format, e);
	if (!rc && !format)
		rc = err_set(e, RC_STATE, "state: format is damaged; bring "
		    "back a copy of the home");
	if (!rc && format > STATE_FORMAT)
		rc = err_set(e, RC_STATE, "state: format %llu is newer than "
		    "this program's %d: install the newer toolchain",
		    (unsigned long long)format, STATE_FORMAT);
	s->format = format;
	if (!rc)
		rc = get_meta(&t, "seed", &s->seed, e);
	if (!rc)
		rc = get_meta(&t, "epoch", &s->epoch, e);
	txn_abort(&t);
	return rc;
}

/* A step for each older format that needs one, in one transaction. */
static enum rc
upgrade(struct state *s, struct err *e)
{
	struct txn t;
	uint64_t format = STATE_FORMAT;
	enum rc rc = txn_begin(&t, s, true, e);

	if (!rc && s->format < 3)
		rc = waiting_build(&t, e);
	if (!rc)
		rc = txn_put(&t, TABLE_META, SPAN("format"),
		    span_of((char *)&format, sizeof format), e);
	if (!rc)
		rc = txn_commit(&t, e);
	txn_abort(&t);
	s->format = format;
	return rc ? err_prefix(e, rc, "bringing an older state up to format "
	    "%d", STATE_FORMAT) : RC_OK;
}

/* Reading beyond the end of the file would end us, not fail. */
static enum rc
check_size(struct state *s, const char *path, struct err *e)
{
	MDB_envinfo info;
	MDB_stat page;
	struct stat st;
	int fd, code = mdb_env_info(s->env, &info), dead;

	if (!code)
		code = mdb_env_stat(s->env, &page);
	if (!code)
		code = mdb_env_get_fd(s->env, &fd);
	if (!code) /* readers that were killed hold on to old pages */
		code = mdb_reader_check(s->env, &dead);
	if (code)
		return state_fail(code, "opening", e);
	if (fstat(fd, &st) < 0)
		return err_errno(e, RC_SYSTEM, "state: %s", path);
	if ((uint64_t)st.st_size >= (info.me_last_pgno + 1) *
	    (uint64_t)page.ms_psize)
		return RC_OK;
	return err_set(e, RC_STATE, s->copy ? "it is cut short: take another "
	    "backup" : "state: %s/data.mdb is cut short; bring back a copy of "
	    "the home", path);
}

static enum rc
open_at(struct state **out, const char *path, bool read_only, bool copy,
    struct err *e)
{
	unsigned flags = (read_only ? MDB_RDONLY : 0) |
	    (copy ? MDB_NOSUBDIR | MDB_NOLOCK : 0);
	struct state *s = xcalloc(1, sizeof *s);
	MDB_txn *mdb = NULL;
	enum rc rc;
	int code;

	arena_init(&s->names);
	s->read_only = read_only;
	s->copy = copy;
	rc = open_env(s, path, flags, e);
	if (!rc)
		rc = check_size(s, path, e);
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
		return err_set(e, RC_STATE, "state: %s is missing; bring "
		    "back a copy of the home", path);
	rc = state_path(path, home_path(), "", e);
	if (!rc)
		rc = local_require(path, e);
	if (!rc)
		rc = open_at(out, path, read_only, false, e);
	if (!rc && !read_only && (*out)->format < STATE_FORMAT)
		rc = upgrade(*out, e);
	return rc;
}

enum rc
state_open_fresh(struct state **out, const char *home, struct err *e)
{
	char path[PATH_CAP];
	enum rc rc = state_path(path, home, "", e);

	*out = NULL;
	return rc ? rc : open_at(out, path, false, false, e);
}

enum rc
state_copy(struct state *s, int fd, struct err *e)
{
	int code = mdb_env_copyfd2(s->env, fd, MDB_CP_COMPACT);

	return code ? state_fail(code, "copying", e) : RC_OK;
}

enum rc
state_open_copy(struct state **out, const char *path, bool read_only,
    struct err *e)
{
	*out = NULL;
	return open_at(out, path, read_only, true, e);
}

enum rc
state_mark_copy(struct txn *t, struct err *e)
{
	return txn_put(t, TABLE_META, MARK, SPAN(""), e);
}

bool
state_is_mark(enum state_table table, struct span key)
{
	return table == TABLE_META && span_eq(key, MARK);
}

static void
epoch_text(const struct state *s, char text[17])
{
	snprintf(text, 17, "%016llx", (unsigned long long)s->epoch);
}

void
state_put_epoch(struct buf *b, const struct state *s)
{
	char text[17];

	epoch_text(s, text);
	buf_printf(b, ",\"epoch\":\"%s\"", text);
}

bool
state_is_epoch(const struct state *s, struct span text)
{
	char own[17];

	epoch_text(s, own);
	return span_eq(text, span_str(own));
}

const char *
state_table_name(enum state_table table)
{
	return table_name[table];
}

enum state_table
state_table_find(struct span name)
{
	enum state_table i = 0;

	while (i < TABLE_COUNT && !span_eq(name, span_str(table_name[i])))
		i++;
	return i;
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

enum rc
state_random(uint64_t *n, struct err *e)
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
put_meta(struct txn *t, struct err *e)
{
	uint64_t format = STATE_FORMAT, seed, epoch;
	struct span there;
	enum rc rc = txn_get(t, TABLE_META, SPAN("format"), &there, e);

	if (rc != RC_END) /* an init was killed after it */
		return rc;
	rc = state_random(&seed, e);
	if (!rc)
		rc = state_random(&epoch, e);
	if (!rc)
		rc = txn_put(t, TABLE_META, SPAN("format"),
		    span_of((char *)&format, sizeof format), e);
	if (!rc)
		rc = txn_put(t, TABLE_META, SPAN("seed"),
		    span_of((char *)&seed, sizeof seed), e);
	if (!rc)
		rc = txn_put(t, TABLE_META, SPAN("epoch"),
		    span_of((char *)&epoch, sizeof epoch), e);
	return rc;
}

static enum rc
write_meta(struct state *s, MDB_txn *mdb, struct err *e)
{
	struct txn t = { .state = s, .mdb = mdb, .write = true };
	enum rc rc = put_meta(&t, e);

	txn_leave(&t);
	return rc;
}

/* LMDB syncs its file, but not the file's name. */
static enum rc
sync_names(const char *home, struct err *e)
{
	char path[PATH_CAP];
	enum rc rc = state_path(path, home, "/data.mdb", e);

	if (!rc)
		rc = directory_sync_of(path, e);
	if (!rc)
		rc = state_path(path, home, "", e);
	return rc ? rc : directory_sync_of(path, e);
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
	if (!rc && mkdir(path, 0700) < 0 && errno != EEXIST)
		rc = err_errno(e, err_of_file(errno), "making %s", path);
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
	if (!rc)
		rc = sync_names(home, e);
out:
	if (mdb)
		mdb_txn_abort(mdb);
	state_close(s);
	return rc;
}
