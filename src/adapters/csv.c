/* SPDX-License-Identifier: MIT */
/* csv: a CSV file as a system: read whole, written once as an export. */
#include "../lib/csv.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../lib/clock.h"
#include "../lib/mapping.h"
#include "../lib/source_id.h"
#include "../lib/xalloc.h"
#include "adapter.h"
#include "csv_columns.h"
#include "csv_export.h"
#include "csv_id.h"
#include "csv_rows.h"

struct reading {
	struct csv_rows rows;    /* first: csv_read hands it to on_row */
	struct csv_columns columns;
	struct read_request *req;
	struct encoding text;
	struct stat before;      /* of the file, when it was opened */
	char modified[CLOCK_TEXT];
	struct span id;          /* of the row, or empty */
	char id_room[SOURCE_ID_ROOM];
	const char *id_problem;  /* NULL: it has one */
	uint64_t empty;          /* line of the first row since the last record
	                            that nothing is in; 0: none */
	struct err problem;
};

/* ---- the header ---- */

/* What an empty cell and the null marker mean: said, else the mapping's. */
static void
say_blanks(struct reading *r)
{
	static const enum csv_blank blanks[] = {
		[BLANK_ABSENT] = CSV_BLANK_ABSENT,
		[BLANK_NULL] = CSV_BLANK_NULL,
		[BLANK_EMPTY] = CSV_BLANK_EMPTY,
	};
	const struct mapping *m = r->req->mapping;

	if (m) {
		r->rows.blank = blanks[m->blank];
		if (m->null_marker.len > 0)
			r->rows.null_marker = m->null_marker;
	}
	if (r->req->all_columns)
		r->rows.blank = CSV_BLANK_NULL;
	if (r->req->null_marker)
		r->rows.null_marker = span_str(r->req->null_marker);
}

static enum rc
on_header(struct reading *r, const struct csv_row *row, struct err *e)
{
	enum rc rc;

	if (row->problem)
		return err_set(e, RC_CONFIG, "header: %s", row->problem->text);
	if (!row->ended && !r->req->last_line_whole)
		return err_set(e, RC_SYSTEM, "the file ends in its header "
		    "line: it is cut (if it is not, give --whole)");
	rc = csv_columns_settle(&r->columns, r->req, e);
	if (rc)
		return err_prefix(e, rc, "header");
	say_blanks(r);
	csv_rows_settle(&r->rows);
	return RC_OK;
}

/* ---- a row ---- */

static const struct err *
bad(struct reading *r, const char *why)
{
	err_set(&r->problem, RC_RECORD, "%s", why);
	return &r->problem;
}

static const struct err *
ragged(struct reading *r, const struct csv_row *row)
{
	size_t n = r->columns.count;

	err_set(&r->problem, RC_RECORD, "%zu cell%s, %zu column%s", row->cells,
	    row->cells == 1 ? "" : "s", n, n == 1 ? "" : "s");
	return &r->problem;
}

/* Why this row cannot be passed on; NULL when it can. */
static const struct err *
judge(struct reading *r, const struct csv_row *row)
{
	if (row->problem)
		return row->problem;
	if (row->cells != r->columns.count)
		return ragged(r, row);
	if (!row->ended && !r->req->last_line_whole)
		return bad(r, "the file ends without a line end, so that its "
		    "last row may be cut; if it is not, give --whole");
	if (r->id_problem)
		return bad(r, r->id_problem);
	if (buf_check(&r->rows.data, &r->problem))
		return &r->problem;
	return NULL;
}

/*
 * Can the id of a bad row be believed?  With a cell too many or too few, or
 * nobody knows how many, only that of the first column: nothing before it can
 * have moved it.
 */
static bool
id_certain(const struct reading *r, const struct csv_row *row)
{
	if (r->id_problem)
		return false;
	if (row->cells == r->columns.count && !row->torn)
		return row->ended || r->columns.id + 1 < r->columns.count;
	return r->columns.id == 0 && row->cells > 1;
}

/*
 * A bad row over several lines may have swallowed others (a quote too many),
 * and after a cut nothing is known of what followed: no absence then.
 */
static bool
may_hide_others(const struct csv_row *row)
{
	return row->lines > 1 || !row->ended;
}

/* An empty id where the cell holds none. */
static void
take_id(struct reading *r)
{
	const struct csv_id_words words = { r->columns.id_name,
	    r->rows.null_marker };

	r->id_problem = r->rows.id_len > LIMIT_ID ? "the id is too long" :
	    csv_id_read(span_of(r->rows.id, r->rows.id_len), &words, &r->id);
	if (r->id_problem)
		r->id = span_of(NULL, 0);
	else if (r->req->mapping)
		r->id = source_id(r->req->mapping->kind, r->id, r->id_room);
}

/* A time only as far as it says which instant it is. */
static struct span
modified(struct reading *r)
{
	int64_t ms;

	if (!clock_parse(buf_view(&r->rows.modified), &ms))
		return span_of(NULL, 0);
	clock_format(ms, r->modified);
	return span_str(r->modified);
}

/* Nothing but what parts cells, as spreadsheets leave it below a table. */
static bool
is_empty(const struct reading *r, const struct csv_row *row)
{
	return !row->problem && row->ended && r->rows.blanks == row->cells &&
	    row->cells == r->columns.count;
}

/* One among others was a record, perhaps: nobody says that it is gone. */
static enum rc
say_emptied(struct reading *r, struct err *e)
{
	struct read_record rec = { .line = r->empty, .data = SPAN("{}") };

	r->empty = 0;
	r->req->lost = true;
	return r->req->emit(r->req->arg, &rec, bad(r, "nothing is in the row, "
	    "and rows follow: remove it, if its record is to go"), e);
}

static enum rc
on_record(struct reading *r, const struct csv_row *row, struct err *e)
{
	struct read_record rec = { .line = row->line };
	const struct err *problem;
	enum rc rc;

	if (is_empty(r, row)) {
		r->empty = r->empty ? r->empty : row->line;
		csv_rows_next(&r->rows);
		return RC_OK;
	}
	rc = r->empty ? say_emptied(r, e) : RC_OK;
	if (rc)
		return rc;
	take_id(r);
	problem = judge(r, row);
	if (row->cells < r->columns.count && !row->ended && !row->problem &&
	    !r->req->last_line_whole)
		return err_set(e, RC_SYSTEM, "line %llu: the file ends inside "
		    "a row: it is cut", (unsigned long long)row->line);
	if (!problem || id_certain(r, row))
		rec.id = r->id;
	if (problem && (!rec.id.len || may_hide_others(row)))
		r->req->lost = true;
	if (!problem && r->rows.modified.len > 0)
		rec.modified = modified(r);
	rec.data = csv_rows_data(&r->rows, row->cells);
	r->req->bytes_done = r->text.bytes_done;
	rc = r->req->emit(r->req->arg, &rec, problem, e);
	csv_rows_next(&r->rows);
	return rc;
}

static enum rc
on_row(struct csv_cells *cells, const struct csv_row *row, struct err *e)
{
	struct reading *r = (struct reading *)cells;

	return r->rows.settled ? on_record(r, row, e) : on_header(r, row, e);
}

/* ---- the file ---- */

static enum rc
open_file(struct reading *r, int *fd, struct err *e)
{
	struct read_request *req = r->req;
	const char *path = req->path ? req->path : req->system->path;

	if (!path)
		return err_set(e, RC_CONFIG, "no file is named (\"path\" of "
		    "the system)");
	*fd = strcmp(path, "-") == 0 ? STDIN_FILENO :
	    open(path, O_RDONLY | O_CLOEXEC);
	if (*fd < 0)
		return err_errno(e, err_of_file(errno), "%s", path);
	if (fstat(*fd, &r->before) < 0)
		return err_errno(e, RC_SYSTEM, "%s", path);
	if (S_ISDIR(r->before.st_mode))
		return err_set(e, RC_CONFIG, "%s is a folder, no file", path);
	if (S_ISREG(r->before.st_mode))
		req->bytes_total = (uint64_t)r->before.st_size;
	return RC_OK;
}

/* What another program is still writing, or wrote anew, is not all there is. */
static enum rc
check_unchanged(const struct reading *r, int fd, struct err *e)
{
	const struct stat *was = &r->before;
	struct stat is;

	if (!S_ISREG(was->st_mode))
		return RC_OK;
	if (fstat(fd, &is) < 0)
		return err_errno(e, RC_SYSTEM, "fstat");
	if (is.st_size == was->st_size &&
	    is.st_mtim.tv_sec == was->st_mtim.tv_sec &&
	    is.st_mtim.tv_nsec == was->st_mtim.tv_nsec)
		return RC_OK;
	return err_set(e, RC_SYSTEM, "the file changed while it was read: run "
	    "again when it is written");
}

static enum rc
find_dialect(const struct read_request *req, struct csv_dialect *d,
    struct err *e)
{
	enum rc rc;

	*d = (struct csv_dialect){ .quote = '"' };
	rc = csv_character(&d->delimiter, req->delimiter, "-d", e);
	if (!rc)
		rc = csv_character(&d->quote, req->quote, "--quote", e);
	return rc ? rc : csv_dialect_check(d, e);
}

static enum rc
read_rows(struct reading *r, struct csv_dialect *d, struct err *e)
{
	const struct csv_handler h = { .cells = &r->rows.cells,
	    .cell = csv_rows_cell, .row = on_row };
	enum rc rc;

	rc = csv_read(&r->text, d, &h, e);
	if (!rc && !r->rows.settled)
		return err_set(e, RC_SYSTEM, "the file is empty: not even a "
		    "header line");
	return rc;
}

static enum rc
csv_system_read(struct read_request *req, struct err *e)
{
	struct reading *r;
	struct csv_dialect dialect;
	int fd = -1;
	enum rc rc;

	r = xcalloc(1, sizeof *r);
	r->req = req;
	csv_columns_init(&r->columns);
	csv_rows_init(&r->rows, &r->columns);
	rc = find_dialect(req, &dialect, e);
	if (!rc)
		rc = open_file(r, &fd, e);
	if (rc)
		goto out;
	rc = encoding_open(&r->text, fd, req->encoding, e);
	if (rc)
		goto out;
	r->text.idle = req->idle;
	r->text.idle_arg = req->arg;
	rc = read_rows(r, &dialect, e);
	if (!rc)
		rc = check_unchanged(r, fd, e);
	req->whole = rc == RC_OK;
	req->bytes_done = r->text.bytes_done;
	encoding_free(&r->text);
out:
	csv_rows_free(&r->rows);
	csv_columns_free(&r->columns);
	if (fd > STDIN_FILENO)
		close(fd);
	free(r);
	return rc;
}

const struct adapter adapter_csv = {
	.kind = &kind_csv,
	.batch_max = 1000,
	.read = csv_system_read,
	.write_open = csv_export_open,
	.write = csv_export_write,
	.write_close = csv_export_close,
};
