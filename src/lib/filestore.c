/* SPDX-License-Identifier: MIT */
#include "filestore.h"

#include <stdlib.h>

#include "filestore_compact.h"
#include "filestore_store.h"
#include "xalloc.h"

/* ---- opening and closing ---- */

static void
release(struct filestore *s)
{
	if (s->indexed)
		filestore_store_close(&s->store);
	s->indexed = false;
	filestore_files_close(&s->files);
	arena_free(&s->results);
	json_free(&s->data);
	json_free(&s->expected);
	buf_free(&s->line);
	buf_free(&s->old);
	free(s);
}

enum rc
filestore_open(struct filestore **out, const char *dir, struct span object,
    struct err *e)
{
	struct filestore *s = xcalloc(1, sizeof *s);
	enum rc rc;

	arena_init(&s->results);
	json_init(&s->data);
	json_init(&s->expected);
	buf_init(&s->line, LIMIT_LINE, "line");
	buf_init(&s->old, LIMIT_LINE, "line");
	rc = filestore_files_open(&s->files, dir, object, e);
	if (!rc)
		rc = filestore_files_lock(&s->files, e);
	if (!rc)
		rc = filestore_files_remove(&s->files, s->files.rebased, e);
	if (!rc)
		rc = filestore_compact(&s->files, false, false, e);
	*out = rc ? NULL : s;
	if (rc)
		release(s);
	return rc;
}

enum rc
filestore_close(struct filestore *s, struct err *e)
{
	bool written, plain;
	enum rc rc = RC_OK;

	if (!s)
		return RC_OK;
	written = s->indexed && s->store.journal.fd >= 0;
	plain = s->store.unstamped == 0;
	if (s->indexed)
		filestore_store_close(&s->store); /* its memory first */
	s->indexed = false;
	if (written)
		rc = filestore_compact(&s->files, true, plain, e);
	release(s);
	return rc;
}

uint64_t
filestore_unreadable(const struct filestore *s)
{
	return s->store.unreadable;
}

uint64_t
filestore_repeated(const struct filestore *s)
{
	return s->store.repeated;
}

/* ---- batches ---- */

void
filestore_begin(struct filestore *s)
{
	arena_reset(&s->results);
	s->now = clock_now();
	clock_format(s->now, s->modified);
}

enum rc
filestore_commit(struct filestore *s, struct err *e)
{
	struct filestore_journal *j = &s->store.journal;
	enum rc rc;

	if (s->broken)
		return err_set(e, RC_SYSTEM, "%s/%s: an earlier write failed",
		    s->files.path, s->files.base);
	if (!s->indexed)
		return RC_OK;
	rc = filestore_journal_write(j, &s->files, true, e);
	if (!rc)
		rc = filestore_journal_sync(j, e);
	if (rc) {
		s->broken = true;
		filestore_journal_undo(j);
	}
	return rc;
}
