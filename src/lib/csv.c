/* SPDX-License-Identifier: MIT */
/* csv: rows of text through libcsv. */
#include "csv.h"

#include <csv.h>
#include <stdlib.h>

#include "csv_scan.h"
#include "limits.h"
#include "xalloc.h"

/* What one csv_parse call gets: a stop waits for its end. */
#define PIECE (16u << 10)
#define CELL_STEP (32u << 10)
#define OPTIONS (CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL | \
	CSV_EMPTY_IS_NULL)

struct reader {
	struct csv_parser parser;
	const struct csv_handler *h;
	struct csv_row row;     /* being read */
	uint64_t line;          /* where the cell being read begins */
	size_t most;            /* cells that go straight to the handler */
	int last_end;           /* LF after CR is the same line end */
	bool too_big;           /* a cell of this row was dropped */
	bool dropping;          /* ... and it is the one being read */
	int previous;           /* last byte of the block before */
	enum rc rc;             /* the handler's last word, or a failure */
	struct csv_doubt doubt; /* after a quote that can be read two ways */
	struct err problem;
	struct err *e;
};

/* ---- what libcsv calls ---- */

/* A refused growth is how a cell's ceiling reaches libcsv. */
static void *
grow_cell(void *ptr, size_t size)
{
	if (size > LIMIT_LINE)
		return NULL;
	return xrealloc(ptr, size + CSV_CELL_SLACK);
}

/*
 * Whatever keeps cells from the handler: a stop, a cell too many, the rest of
 * a dropped cell.  `most` is 0 for the first and the last, so that on_cell
 * asks once.
 */
static void
hold_cells(struct reader *r, bool hold)
{
	r->most = hold ? 0 : LIMIT_COLUMNS;
}

static void
skip_cell(struct reader *r, struct span cell)
{
	if (r->rc)
		return;
	if (r->dropping)
		r->h->cell(r->h->cell_arg, NULL, 0);
	r->line += csv_count_lines(cell);
	r->dropping = false;
	hold_cells(r, false);
}

static void
on_cell(void *ptr, size_t len, void *arg)
{
	struct reader *r = arg;

	if (++r->row.cells > r->most)
		skip_cell(r, span_of(ptr, len));
	else if (r->h->cell(r->h->cell_arg, ptr, len))
		r->line += csv_count_lines(span_of(ptr, len));
}

static const struct err *
judge(struct reader *r)
{
	if (r->too_big)
		err_set(&r->problem, RC_RECORD, "a cell is longer than %u "
		    "bytes", LIMIT_LINE);
	else if (r->row.cells > LIMIT_COLUMNS)
		err_set(&r->problem, RC_RECORD, "%zu cells; %d is the most",
		    r->row.cells, LIMIT_COLUMNS);
	else
		return NULL;
	return &r->problem;
}

static void
next_row(struct reader *r, const struct err *problem)
{
	r->row.lines = r->line - r->row.line + 1;
	r->row.problem = problem;
	r->rc = r->h->row(r->h->arg, &r->row, r->e);
	r->row.cells = 0;
	r->too_big = r->dropping = false;
	hold_cells(r, r->rc != RC_OK);
}

/* With CSV_REPALL_NL also for empty lines and for the LF of CR LF. */
static void
on_row(int end, void *arg)
{
	struct reader *r = arg;

	if (r->rc)
		return;
	if (end == '\n' && r->last_end == '\r' && r->row.cells == 0) {
		r->last_end = 0;
		return;
	}
	r->row.ended = end >= 0;
	if (r->row.cells > 0)
		next_row(r, judge(r));
	r->last_end = end;
	r->line++;
	r->row.line = r->line;
}

/* ---- what stops libcsv in the middle ---- */

static struct span
cell_so_far(const struct reader *r)
{
	return span_of((char *)r->parser.entry_buf, r->parser.entry_pos);
}

/*
 * The cell does not fit: drop what is there and go on, for the row's end has
 * to be found.  One byte stays, since libcsv takes one off at a quote.
 */
static void
drop_cell(struct reader *r)
{
	r->line += csv_count_lines(span_of((char *)r->parser.entry_buf,
	    r->parser.entry_pos - 1));
	r->parser.entry_buf[0] = r->parser.entry_buf[r->parser.entry_pos - 1];
	r->parser.entry_pos = 1;
	r->too_big = r->dropping = true;
	hold_cells(r, true);
}

/* Lets libcsv take one byte it calls an error as the character it is. */
static void
take_literally(struct reader *r, const unsigned char *c)
{
	csv_set_opts(&r->parser, OPTIONS & ~CSV_STRICT);
	csv_parse(&r->parser, c, 1, on_cell, on_row, r);
	csv_set_opts(&r->parser, OPTIONS);
}

/* From here two readings of the row are followed until both end it. */
static void
begin_doubt(struct reader *r, const char *why)
{
	r->line += csv_count_lines(cell_so_far(r));
	err_set(&r->problem, RC_RECORD, "%s (line %llu)", why,
	    (unsigned long long)r->line);
	/* as a reset: with its options it would speak of a cut file */
	csv_set_opts(&r->parser, 0);
	csv_fini(&r->parser, NULL, NULL, NULL);
	csv_set_opts(&r->parser, OPTIONS);
	csv_doubt_begin(&r->doubt);
}

/*
 * libcsv in strict mode stopped at *c.  Returns how many bytes are dealt with:
 * text after a closing quote is left to those who follow the doubt.
 */
static size_t
stray_quote(struct reader *r, const unsigned char *c)
{
	if (r->parser.quoted) {
		begin_doubt(r, "text after a closing quote");
		return 0;
	}
	if (csv_only_spaces(cell_so_far(r)))
		begin_doubt(r, "spaces before an opening quote");
	else
		take_literally(r, c);
	return 1;
}

/* ---- feeding ---- */

static enum rc
no_agreement(struct reader *r)
{
	return err_set(r->e, RC_CONFIG, "%s, and it is unclear where the row "
	    "that begins in line %llu ends; nothing after it was read",
	    r->problem.text, (unsigned long long)r->row.line);
}

/* Follows the two readings; returns how many bytes that took. */
static size_t
feed_doubt(struct reader *r, const struct csv_dialect *d, struct span s)
{
	size_t n;

	n = csv_doubt_follow(&r->doubt, d, s);
	r->line += csv_count_lines(span_of(s.ptr, n));
	if (r->doubt.state == CSV_DOUBT_APART)
		r->rc = no_agreement(r);
	if (r->doubt.state != CSV_DOUBT_AGREED)
		return n;
	r->row.ended = true;
	r->line--; /* its own line end, which on_row counts */
	next_row(r, &r->problem);
	r->last_end = s.ptr[n - 1];
	r->line++;
	r->row.line = r->line;
	r->doubt.state = CSV_DOUBT_NONE;
	return n;
}

static size_t
feed_libcsv(struct reader *r, struct span s)
{
	size_t n;

	n = csv_parse(&r->parser, s.ptr, s.len, on_cell, on_row, r);
	if (n == s.len)
		return n;
	if (csv_error(&r->parser) != CSV_EPARSE) {
		drop_cell(r);
		return n;
	}
	/* in strict mode it stops before the byte it calls an error */
	return n + stray_quote(r, (const unsigned char *)s.ptr + n);
}

static void
feed_piece(struct reader *r, const struct csv_dialect *d, struct span s)
{
	size_t n;

	while (s.len > 0 && !r->rc) {
		n = r->doubt.state ? feed_doubt(r, d, s) : feed_libcsv(r, s);
		s.ptr += n;
		s.len -= n;
	}
}

/* The block is ours until the next read: spaces are marked in place. */
static void
feed(struct reader *r, const struct csv_dialect *d, struct span block)
{
	struct span s = block;

	csv_mark_spaces((char *)(uintptr_t)block.ptr, block.len, r->previous,
	    '\n', d->delimiter);
	r->previous = (unsigned char)block.ptr[block.len - 1];
	for (; block.len > 0 && !r->rc; block.ptr += s.len,
	    block.len -= s.len) {
		s = span_of(block.ptr, block.len < PIECE ? block.len : PIECE);
		feed_piece(r, d, s);
	}
}

static enum rc
finish(struct reader *r)
{
	if (r->doubt.state)
		return no_agreement(r);
	if (csv_fini(&r->parser, on_cell, on_row, r) != 0)
		return err_set(r->e, RC_SYSTEM, "line %llu: a quote opened "
		    "here is not closed: the file is cut",
		    (unsigned long long)r->line);
	return r->rc;
}

static enum rc
prefix_line(struct reader *r, enum rc rc)
{
	uint64_t line = r->line + csv_count_lines(cell_so_far(r));

	return err_prefix(r->e, rc, "line %llu", (unsigned long long)line);
}

static void
reader_open(struct reader *r, const struct csv_handler *h, struct err *e)
{
	*r = (struct reader){ .h = h, .line = 1, .previous = '\n', .e = e,
	    .most = LIMIT_COLUMNS,
	    .row = { .line = 1 } };
	csv_init(&r->parser, OPTIONS);
	csv_set_blk_size(&r->parser, CELL_STEP);
	csv_set_realloc_func(&r->parser, grow_cell);
}

static void
set_dialect(struct reader *r, const struct csv_dialect *d)
{
	csv_set_delim(&r->parser, (unsigned char)d->delimiter);
	csv_set_quote(&r->parser, (unsigned char)d->quote);
}

enum rc
csv_read(struct encoding *text, struct csv_dialect *d,
    const struct csv_handler *h, struct err *e)
{
	struct reader r;
	struct span block;
	enum rc rc = RC_OK;

	reader_open(&r, h, e);
	while (!rc) {
		rc = encoding_read(text, &block, e);
		if (rc && rc != RC_END)
			rc = prefix_line(&r, rc);
		if (!rc && !d->delimiter)
			rc = csv_detect(&d->delimiter, block, d->quote, e);
		if (!rc) {
			set_dialect(&r, d);
			feed(&r, d, block);
			rc = r.rc;
		}
	}
	if (rc == RC_END && !r.rc)
		rc = finish(&r);
	csv_free(&r.parser);
	return rc;
}

/* ---- writing ---- */

void
csv_put_cell(struct buf *b, struct span cell, bool first)
{
	size_t need = csv_write(NULL, 0, cell.ptr, cell.len);

	if (!first)
		buf_putc(b, ',');
	if (!cell.ptr || !buf_reserve(b, need))
		return;
	csv_write(b->ptr + b->len, need, cell.ptr, cell.len);
	b->len += need;
}
