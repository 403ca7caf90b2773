/* SPDX-License-Identifier: MIT */
#include "csv_export.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "../lib/csv.h"
#include "../lib/directory.h"
#include "../lib/fault.h"
#include "../lib/json.h"
#include "../lib/limits.h"
#include "../lib/mapping.h"
#include "../lib/xalloc.h"

/* The rows of one batch; the loader's batches are far smaller. */
#define BATCH_CAP (4u * LIMIT_LINE)

struct writer {
	int fd;
	const char *path;     /* the system's own */
	off_t length;         /* of what is synced */
	const struct span *columns; /* the mapping's */
	size_t count;
	size_t fixed;         /* so many at the front hold our uid */
	struct buf rows;
	struct json json;
	struct arena arena;
};

/* ---- columns ---- */

static bool
is_identity(const struct mapping *m, struct span name)
{
	return span_eq(name, m->id) || (m->uid.len > 0 &&
	    span_eq(name, m->uid));
}

/* The mapping lists id and uid first; both hold our uid. */
static void
choose_columns(struct writer *w, const struct mapping *m)
{
	w->columns = mapping_list_columns(m, DIR_PUSH, &w->count);
	while (w->fixed < w->count && is_identity(m, w->columns[w->fixed]))
		w->fixed++;
}

static void
put_header(struct writer *w)
{
	size_t i;

	for (i = 0; i < w->count; i++)
		csv_put_cell(&w->rows, w->columns[i], i == 0);
	buf_putc(&w->rows, '\n');
}

/* ---- rows ---- */

/* What a reader stops at, with all rows behind it. */
static enum rc
check_cell(const struct writer *w, size_t column, struct span cell,
    struct err *e)
{
	if (!cell.len || !memchr(cell.ptr, '\0', cell.len))
		return RC_OK;
	return err_set(e, RC_RECORD, "column %.*s: a NUL character, which a "
	    "CSV file cannot have", SPAN_ARG(w->columns[column]));
}

/* Text as it is, other values as their JSON, null and absent as nothing. */
static struct span
cell_of(struct writer *w, uint32_t node)
{
	struct span text;

	if (!node || json_kind(&w->json, node) == JSON_NULL)
		return span_of(NULL, 0);
	if (json_kind(&w->json, node) != JSON_STRING)
		return json_text(&w->json, node);
	text = json_string(&w->json, node, &w->arena);
	return text.len ? text : span_of("", 0);
}

static enum rc
put_row(struct writer *w, const struct write_item *item, struct err *e)
{
	size_t i, before = w->rows.len;
	struct span cell;
	enum rc rc;

	arena_reset(&w->arena);
	rc = json_parse(&w->json, item->data, e);
	if (rc)
		return rc;
	for (i = 0; i < w->count && !rc; i++) {
		cell = i < w->fixed ? item->uid : cell_of(w,
		    json_get(&w->json, 0, w->columns[i]));
		rc = check_cell(w, i, cell, e);
		csv_put_cell(&w->rows, cell, i == 0);
	}
	buf_putc(&w->rows, '\n');
	if (!rc)
		rc = buf_check(&w->rows, e);
	if (rc) {
		w->rows.len = before;
		w->rows.over = false;
	}
	return rc;
}

/* ---- the file ---- */

static enum rc
write_all(int fd, struct span s)
{
	ssize_t n;

	while (s.len > 0) {
		n = write(fd, s.ptr, s.len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return RC_SYSTEM;
		s.ptr += n;
		s.len -= (size_t)n;
	}
	return RC_OK;
}

/* Makes the gathered rows durable, or takes them back. */
static enum rc
sync_rows(struct writer *w, struct err *e)
{
	enum rc rc;

	fault_step("csv export: rows");
	rc = write_all(w->fd, buf_view(&w->rows));
	if (!rc && fdatasync(w->fd) != 0)
		rc = RC_SYSTEM;
	if (!rc) {
		w->length += (off_t)w->rows.len;
		return RC_OK;
	}
	err_errno(e, rc, "%s", w->path);
	if (ftruncate(w->fd, w->length) != 0 ||
	    lseek(w->fd, w->length, SEEK_SET) < 0)
		err_prefix(e, rc, "rows that were not taken may stand in the "
		    "file");
	return rc;
}

static enum rc
create(struct writer *w, struct err *e)
{
	enum rc rc;

	fault_step("csv export: create");
	w->fd = open(w->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (w->fd < 0 && errno == EEXIST)
		return err_set(e, RC_CONFIG, "%s is there already; an export "
		    "is written once: move it away or name another path",
		    w->path);
	if (w->fd < 0)
		return err_errno(e, RC_SYSTEM, "%s", w->path);
	put_header(w);
	rc = sync_rows(w, e);
	if (rc) /* with nothing in it, it would be in the way of the next */
		unlink(w->path);
	return rc ? rc : directory_sync_of(w->path, e);
}

enum rc
csv_export_open(struct writer **out, const struct system *system,
    struct span object, const struct mapping *mapping, struct err *e)
{
	struct writer *w;
	enum rc rc;

	(void)object;
	*out = NULL;
	if (!system->path)
		return err_set(e, RC_CONFIG, "no file is named (\"path\" of "
		    "the system)");
	if (!mapping)
		return err_set(e, RC_CONFIG, "an export needs a mapping, "
		    "which names its columns");
	w = xcalloc(1, sizeof *w);
	w->fd = -1;
	w->path = system->path;
	buf_init(&w->rows, BATCH_CAP, "batch");
	json_init(&w->json);
	arena_init(&w->arena);
	choose_columns(w, mapping);
	rc = create(w, e);
	if (!rc) {
		*out = w;
		return RC_OK;
	}
	(void)!csv_export_close(w, &(struct err){ "" });
	return rc;
}

static void
take_item(struct writer *w, struct write_item *item)
{
	if (item->kind != WRITE_CREATE) {
		item->status = WRITE_FAILED;
		err_set(&item->error, RC_RECORD, "an export is written once: "
		    "it takes new records only");
	} else if (put_row(w, item, &item->error) != RC_OK) {
		item->status = WRITE_FAILED;
	} else {
		item->status = WRITE_DONE;
		item->new_id = item->uid;
	}
}

/* The rows did not become durable: none of them was taken. */
static void
untake(struct write_item *items, size_t n, const struct err *why)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (items[i].status != WRITE_DONE)
			continue;
		items[i].status = WRITE_UNKNOWN;
		items[i].error = *why;
	}
}

enum rc
csv_export_write(struct writer *w, struct write_item *items, size_t n,
    struct err *e)
{
	size_t i;
	enum rc rc;

	buf_reset(&w->rows);
	for (i = 0; i < n; i++)
		take_item(w, &items[i]);
	rc = w->rows.len > 0 ? sync_rows(w, e) : RC_OK;
	if (rc)
		untake(items, n, e);
	return rc;
}

enum rc
csv_export_close(struct writer *w, struct err *e)
{
	enum rc rc = RC_OK;

	if (w->fd >= 0 && close(w->fd) != 0)
		rc = err_errno(e, RC_SYSTEM, "%s", w->path);
	buf_free(&w->rows);
	json_free(&w->json);
	arena_free(&w->arena);
	free(w);
	return rc;
}
