/* SPDX-License-Identifier: MIT */
/* file: the application's own store (lib/filestore.h) as a system. */
#include "../lib/account.h"
#include "../lib/filestore.h"
#include "../lib/filestore_identity.h"
#include "../lib/mapping.h"
#include "../lib/xalloc.h"
#include "adapter.h"

#include <stdio.h>
#include <stdlib.h>

#ifdef CRM_FAULT
#define BATCH_MOST 3 /* the crash sweep has several batches */
#else
#define BATCH_MOST 4000
#endif

static enum rc
require_path(const struct system *system, struct err *e)
{
	if (system->path)
		return RC_OK;
	return err_set(e, RC_CONFIG, "system %.*s has no path: add one in"
	    " systems.jq, like {kind: \"file\", path: \"app\"}",
	    SPAN_ARG(system->name));
}

/* ---- which store it is ---- */

static enum rc
file_account(const struct system *system, bool make, struct account *a,
    struct err *e)
{
	struct filestore_identity i;
	enum rc rc = require_path(system, e);

	if (!rc)
		rc = make ? filestore_identity_make(system->path, &i, e) :
		    filestore_identity_read(system->path, &i, e);
	if (rc)
		return rc;
	snprintf(a->name, sizeof a->name, "file:%s", i.id);
	a->written = i.written;
	return RC_OK;
}

/* ---- reading ---- */

static enum rc
emit(void *arg, const struct filestore_record *r, const struct err *problem,
    struct err *e)
{
	struct read_request *req = arg;
	struct read_record rec = {
		.line = r->line,
		.id = r->id,
		.modified = r->modified,
		.version = r->version,
		.data = r->data,
	};

	return req->emit(req->arg, &rec, problem, e);
}

static enum rc
file_read(struct read_request *req, struct err *e)
{
	struct filestore_reading r = {
		.dir = req->system->path,
		.object = req->object,
		.full = req->full,
		.cursor = req->cursor,
		.emit = emit,
		.arg = req,
		.checkpoint = &req->checkpoint,
		.as_of = &req->as_of,
		.bytes_done = &req->bytes_done,
		.bytes_total = &req->bytes_total,
	};
	enum rc rc = require_path(req->system, e);

	if (!rc)
		rc = filestore_read(&r, e);
	req->whole = r.whole;
	req->lost = r.lost;
	return rc;
}

/* ---- writing ---- */

struct writer {
	struct filestore *store;
	bool reads_archived; /* the mapping knows what it means */
};

static enum rc
file_write_open(struct writer **w, const struct system *system,
    struct span object, const struct mapping *mapping, struct err *e)
{
	struct filestore *store;
	enum rc rc = require_path(system, e);

	*w = NULL;
	if (!rc)
		rc = filestore_identity_raise(system->path, e);
	if (!rc || rc == RC_END)
		rc = filestore_open(&store, system->path, object, e);
	if (rc)
		return rc;
	*w = xcalloc(1, sizeof **w);
	(*w)->store = store;
	(*w)->reads_archived = mapping && span_eq(mapping->deleted,
	    SPAN("archived"));
	return RC_OK;
}

static enum rc
apply(struct writer *w, struct write_item *item, struct err *e)
{
	static const enum filestore_kind kinds[] = {
		[WRITE_CREATE] = FILESTORE_CREATE,
		[WRITE_UPDATE] = FILESTORE_UPDATE,
		[WRITE_ARCHIVE] = FILESTORE_ARCHIVE,
		[WRITE_DELETE] = FILESTORE_DELETE,
	};
	static const enum write_status statuses[] = {
		[FILESTORE_DONE] = WRITE_DONE,
		[FILESTORE_FAILED] = WRITE_FAILED,
		[FILESTORE_STALE] = WRITE_STALE,
		[FILESTORE_GONE] = WRITE_GONE,
		[FILESTORE_EXISTS] = WRITE_EXISTS,
	};
	struct filestore_change c = { kinds[item->kind], item->uid, item->id,
		item->version, item->data,
		item->kind == WRITE_CREATE ? item->was : item->expected,
		w->reads_archived && item->kind == WRITE_UPDATE,
		item->stamp, item->repeat, item->unseen };
	struct filestore_result r;
	enum rc rc = filestore_apply(w->store, &c, &r, e);

	if (rc)
		return rc;
	item->status = statuses[r.outcome];
	item->new_id = r.id;
	item->new_version = r.version;
	item->modified = r.modified;
	item->returned = r.returned;
	if (item->status != WRITE_DONE)
		item->error = r.why;
	return RC_OK;
}

/* After a failure nobody can say which of the batch are on the disk. */
static void
doubt(struct write_item *items, size_t n, const struct err *why)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (items[i].status && items[i].status != WRITE_DONE)
			continue;
		items[i].status = WRITE_UNKNOWN;
		items[i].error = *why;
	}
}

static enum rc
file_write(struct writer *w, struct write_item *items, size_t n,
    struct err *e)
{
	enum rc rc = RC_OK;
	size_t i;

	filestore_begin(w->store);
	for (i = 0; i < n; i++)
		items[i].status = 0;
	for (i = 0; i < n && !rc; i++)
		rc = apply(w, &items[i], e);
	if (!rc)
		rc = filestore_commit(w->store, e);
	if (rc)
		doubt(items, n, e);
	return rc;
}

static enum rc
file_write_close(struct writer *w, struct err *e)
{
	enum rc rc;

	if (!w)
		return RC_OK;
	rc = filestore_close(w->store, e);
	free(w);
	return rc;
}

const struct adapter adapter_file = {
	.kind = &kind_file,
	.batch_max = BATCH_MOST,
	.account = file_account,
	.read = file_read,
	.write_open = file_write_open,
	.write = file_write,
	.write_close = file_write_close,
};
