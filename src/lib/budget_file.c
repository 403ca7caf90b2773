/* SPDX-License-Identifier: MIT */
#include "budget_file.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "buf.h"
#include "home.h"
#include "limits.h"
#include "local.h"

#define MAP_SIZE ((size_t)16 << 20)
#define PATH_CAP 4200
#define PAGE 4096

static struct {
	MDB_env *env;
	MDB_dbi table;
	unsigned users;
} file;

static enum rc
fail(int code, const char *what, struct err *e)
{
	return err_set(e, RC_SYSTEM, "budget: %s: %s", what,
	    mdb_strerror(code));
}

/* Reading beyond the end of the file would end us, not fail. */
static int
check_size(void)
{
	MDB_envinfo info;
	MDB_stat page;
	struct stat st;
	int fd, code = mdb_env_info(file.env, &info);

	if (!code)
		code = mdb_env_stat(file.env, &page);
	if (!code)
		code = mdb_env_get_fd(file.env, &fd);
	if (!code && fstat(fd, &st) < 0)
		code = errno;
	return !code && (uint64_t)st.st_size < (info.me_last_pgno + 1) *
	    (uint64_t)page.ms_psize ? MDB_CORRUPTED : code;
}

static int
open_env(const char *path)
{
	MDB_txn *txn = NULL;
	int code = mdb_env_create(&file.env);

	if (!code)
		code = mdb_env_set_mapsize(file.env, MAP_SIZE);
	if (!code) /* what a power failure takes is only counts */
		code = mdb_env_open(file.env, path, MDB_NOSUBDIR | MDB_NOTLS |
		    MDB_NOSYNC, 0600);
	if (!code)
		code = check_size();
	if (!code)
		code = mdb_txn_begin(file.env, NULL, 0, &txn);
	if (!code)
		code = mdb_dbi_open(txn, NULL, 0, &file.table);
	if (!code) {
		code = mdb_txn_commit(txn);
		txn = NULL;
	}
	if (txn)
		mdb_txn_abort(txn);
	if (code && file.env) {
		mdb_env_close(file.env);
		file.env = NULL;
	}
	return code;
}

static bool
is_damaged(int code)
{
	return code == MDB_INVALID || code == MDB_CORRUPTED ||
	    code == MDB_VERSION_MISMATCH || code == MDB_PAGE_NOTFOUND ||
	    code == EBADF;
}

/* ---- is it sound? ---- */

/* Reads every row, and what a writer reads; keeps nothing. */
static int
walk(void)
{
	char room[PAGE] = "";
	MDB_val key = { 1, room }, value = { sizeof room, room };
	MDB_cursor *cursor = NULL;
	MDB_txn *txn = NULL;
	int code = mdb_txn_begin(file.env, NULL, 0, &txn);

	if (!code)
		code = mdb_put(txn, file.table, &key, &value, 0);
	if (!code)
		code = mdb_cursor_open(txn, file.table, &cursor);
	while (!code) {
		code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT);
		if (!code)
			memcpy(room, value.mv_data, value.mv_size < PAGE ?
			    value.mv_size : PAGE);
	}
	if (cursor)
		mdb_cursor_close(cursor);
	if (txn)
		mdb_txn_abort(txn);
	return code == MDB_NOTFOUND ? 0 : code;
}

static void
look(const char *path)
{
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC), code;
	struct rlimit none = { 0, 0 };

	if (null >= 0)
		dup2(null, STDERR_FILENO);
	setrlimit(RLIMIT_CORE, &none);
	code = open_env(path);
	if (!code)
		code = walk();
	if (file.env)
		mdb_env_close(file.env);
	_exit(is_damaged(code) || code == MDB_MAP_FULL ||
	    code == MDB_BAD_TXN);
}

/*
 * Pages that are not as they were written may end whoever reads them: so
 * another process looks first.  A power failure leaves such pages: nothing of
 * this file is waited for.
 */
static bool
is_sound(const char *path)
{
	int status = 0;
	pid_t child;

	if (access(path, F_OK) != 0)
		return true;
	child = fork();
	if (child == 0)
		look(path);
	while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	if (child > 0 && WIFSIGNALED(status))
		return WTERMSIG(status) == SIGKILL ||
		    WTERMSIG(status) == SIGTERM;
	return child < 0 || WEXITSTATUS(status) != 1;
}

enum rc
budget_file_check(bool repair, struct err *e)
{
	char path[PATH_CAP];
	int code;

	snprintf(path, sizeof path, "%s/budget.mdb", home_path());
	if (access(path, F_OK) != 0)
		return RC_OK;
	code = is_sound(path) ? open_env(path) : MDB_CORRUPTED;
	if (!code)
		mdb_env_close(file.env);
	file.env = NULL;
	if (!is_damaged(code))
		return code ? fail(code, path, e) : RC_OK;
	if (repair)
		return unlink(path) == 0 ? RC_OK : err_errno(e, RC_SYSTEM,
		    "%s", path);
	return err_set(e, RC_STATE, "%s is damaged: what was counted is lost, "
	    "and counted anew", path);
}

enum rc
budget_file_open(struct err *e)
{
	char path[PATH_CAP];
	enum rc rc = file.users ? RC_OK : local_require(home_path(), e);
	int code;

	if (!rc && file.users++)
		return RC_OK;
	if (rc)
		return rc;
	snprintf(path, sizeof path, "%s/budget.mdb", home_path());
	code = is_sound(path) ? open_env(path) : MDB_CORRUPTED;
	if (is_damaged(code) && unlink(path) == 0)
		code = open_env(path);
	if (!code)
		return RC_OK;
	file.users = 0;
	return fail(code, path, e);
}

void
budget_file_close(void)
{
	if (!file.users || --file.users)
		return;
	mdb_env_close(file.env);
	file.env = NULL;
}

enum rc
budget_file_begin(MDB_txn **txn, struct err *e)
{
	int code = mdb_txn_begin(file.env, NULL, 0, txn);

	return code ? fail(code, "waiting for its turn", e) : RC_OK;
}

enum rc
budget_file_commit(MDB_txn *txn, struct err *e)
{
	int code = mdb_txn_commit(txn);

	return code ? fail(code, "writing", e) : RC_OK;
}

/* Both names fit LMDB's keys. */
static MDB_val
key_of(const struct budget_row *row, char room[LIMIT_KEY])
{
	struct span name = row->name;
	int n;

	if (name.len > LIMIT_ACCOUNT)
		name.len = LIMIT_ACCOUNT;
	n = snprintf(room, LIMIT_KEY, "%.*s|%.*s|%u", SPAN_ARG(row->kind),
	    SPAN_ARG(name), row->number);
	return (MDB_val){ (size_t)n, room };
}

enum rc
budget_file_get(MDB_txn *txn, const struct budget_row *row, struct err *e)
{
	char room[LIMIT_KEY];
	MDB_val key = key_of(row, room), value;
	int code = mdb_get(txn, file.table, &key, &value);

	memset(row->value, 0, row->size);
	if (code == MDB_NOTFOUND)
		return RC_OK;
	if (code)
		return fail(code, "reading", e);
	if (value.mv_size == row->size)
		memcpy(row->value, value.mv_data, row->size);
	return RC_OK;
}

enum rc
budget_file_put(MDB_txn *txn, const struct budget_row *row, struct err *e)
{
	char room[LIMIT_KEY];
	MDB_val key = key_of(row, room), value = { row->size, row->value };
	int code = mdb_put(txn, file.table, &key, &value, 0);

	return code ? fail(code, "writing", e) : RC_OK;
}
