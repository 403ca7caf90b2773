/* SPDX-License-Identifier: MIT */
#include "backup.h"

#include "commands.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../lib/directory.h"
#include "../lib/home.h"
#include "seal.h"

#define PATH_CAP 4096
#define FILES SPAN("file")
#define MAGIC 0xbeefc0de /* LMDB's, behind the first page's header */
#define MAGIC_AT 16

/* ---- what is in one ---- */

bool
backup_is(const char *path)
{
	uint32_t magic = 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool is = fd >= 0 && pread(fd, &magic, sizeof magic, MAGIC_AT) ==
	    sizeof magic && magic == MAGIC;

	if (fd >= 0)
		close(fd);
	return is;
}

bool
backup_is_own(enum state_table table, struct span key, struct span *file)
{
	struct span rest = key, lead = key_take(&rest);

	*file = SPAN("");
	if (state_is_mark(table, key))
		return true;
	if (table != TABLE_META || !span_eq(lead, FILES))
		return false;
	*file = rest;
	return true;
}

enum rc
backup_each(struct state *s, backup_row *row, void *arg, struct err *e)
{
	struct txn t = { .mdb = NULL };
	struct walk w;
	enum rc rc = txn_begin(&t, s, false, e);

	for (int i = 0; i < TABLE_COUNT && !rc; i++) {
		rc = walk_open(&w, &t, i, SPAN(""), e);
		if (!rc)
			rc = walk_next(&w, e);
		while (!rc) {
			rc = row(arg, i, w.key, w.value, e);
			if (!rc && run_stopping())
				rc = err_set(e, RC_SYSTEM, "stopped");
			if (!rc)
				rc = walk_next(&w, e);
		}
		walk_close(&w);
		rc = rc == RC_END ? RC_OK : rc;
	}
	txn_abort(&t);
	return rc;
}

/* ---- making one ---- */

struct backup {
	const char *path;
	char made[PATH_CAP];  /* until it is whole; empty: nothing is there */
	uint64_t rows, bytes;
};

/* What is there is replaced only by what is of its kind: a state is not. */
static enum rc
check_target(const struct backup *b, struct err *e)
{
	struct stat st;

	if (lstat(b->path, &st) < 0)
		return errno == ENOENT ? RC_OK : err_errno(e,
		    err_of_file(errno), "%s", b->path);
	if (S_ISREG(st.st_mode) && backup_is(b->path) &&
	    seal_is(b->path))
		return RC_OK;
	return err_set(e, RC_CONFIG, "%s is there and is no backup: give "
	    "another name, or remove it", b->path);
}

/* Beside it, readable by its owner alone. */
static enum rc
copy(struct backup *b, struct state *s, struct err *e)
{
	int n = snprintf(b->made, sizeof b->made, "%s.XXXXXX", b->path), fd;
	enum rc rc;

	if (n < 0 || (size_t)n >= sizeof b->made) {
		b->made[0] = '\0';
		return err_set(e, RC_CONFIG, "%s: the name is too long",
		    b->path);
	}
	fd = mkstemp(b->made);
	if (fd < 0) {
		b->made[0] = '\0';
		return err_errno(e, err_of_file(errno), "%s", b->path);
	}
	rc = state_copy(s, fd, e);
	if (close(fd) < 0 && !rc)
		rc = err_errno(e, RC_SYSTEM, "%s", b->path);
	return rc;
}

/* systems.jq as it stands; a home without one has none. */
static enum rc
read_systems(struct buf *text, bool *there, struct err *e)
{
	char path[PATH_CAP];
	ssize_t n = 0;
	int fd;

	snprintf(path, sizeof path, "%s/systems.jq", home_path());
	fd = open(path, O_RDONLY | O_CLOEXEC);
	*there = fd >= 0;
	if (fd < 0)
		return errno == ENOENT ? RC_OK : err_errno(e,
		    err_of_file(errno), "%s", path);
	do {
		text->len += (size_t)n;
		n = buf_reserve(text, 4096) ? read(fd, text->ptr + text->len,
		    4096) : 0;
	} while (n > 0);
	close(fd);
	if (n < 0)
		return err_errno(e, RC_SYSTEM, "%s", path);
	return text->over ? err_set(e, RC_CONFIG, "%s is too long", path) :
	    RC_OK;
}

/* Now it is no state that a home could have by mistake. */
static enum rc
complete(struct state *s, struct err *e)
{
	struct txn t = { .mdb = NULL };
	struct buf text;
	bool there;
	enum rc rc;
	KEY_BUF(key);

	buf_init(&text, LIMIT_MAPPING_FILE, "systems.jq");
	KEY(&key, FILES, SPAN("systems.jq"));
	rc = read_systems(&text, &there, e);
	if (!rc)
		rc = txn_begin(&t, s, true, e);
	if (!rc)
		rc = state_mark_copy(&t, e);
	if (!rc && there)
		rc = txn_put(&t, TABLE_META, buf_view(&key), buf_view(&text),
		    e);
	if (!rc)
		rc = txn_commit(&t, e);
	txn_abort(&t);
	buf_free(&text);
	return rc;
}

static enum rc
count_row(void *arg, enum state_table table, struct span key,
    struct span value, struct err *e)
{
	struct backup *b = arg;
	struct span file;

	(void)e;
	b->bytes += key.len + value.len;
	b->rows += !backup_is_own(table, key, &file);
	return RC_OK;
}

/* It opens, and every row can be read. */
static enum rc
verify(struct backup *b, struct err *e)
{
	struct state *s;
	enum rc rc = state_open_copy(&s, b->made, true, e);

	if (!rc)
		rc = backup_each(s, count_row, b, e);
	state_close(s);
	return rc ? err_prefix(e, rc, "the copy") : RC_OK;
}

static enum rc
finish(struct backup *b, struct err *e)
{
	struct state *s = NULL;
	enum rc rc = state_open_copy(&s, b->made, false, e);

	if (!rc)
		rc = complete(s, e);
	state_close(s);
	if (!rc)
		rc = seal_put(b->made, e);
	if (!rc)
		rc = verify(b, e);
	if (rc)
		return rc;
	if (rename(b->made, b->path) < 0)
		return err_errno(e, err_of_file(errno), "%s", b->path);
	b->made[0] = '\0';
	return directory_sync_of(b->path, e);
}

void
backup_run(struct run *r)
{
	struct backup b = { .path = r->operand[1] };
	struct state *s = NULL;
	struct err e;
	enum rc rc = check_target(&b, &e);

	if (!rc)
		rc = state_open(&s, true, &e);
	if (!rc)
		rc = copy(&b, s, &e);
	if (!rc)
		rc = finish(&b, &e);
	if (b.made[0])
		unlink(b.made);
	if (rc)
		run_problem(r, NULL, rc, &e);
	else
		printf("{\"type\":\"backup\",\"rows\":%llu,\"bytes\":%llu}\n",
		    (unsigned long long)b.rows, (unsigned long long)b.bytes);
	state_close(s);
}
