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

struct csv_reader {
	struct csv_parser parser;
	const struct csv_handler *h;
	struct csv_cells *cells; /* the handler's */
	struct csv_row row;     /* being read */
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

/* After a stop, or until a dropped cell is over, each cell has to ask. */
static void
hold_cells(struct csv_reader *r, bool hold)
{
	struct csv_cells *c = r->cells;

	c->fast = hold ? 0 : c->expects;
}

bool
csv_cell_take(struct csv_cells *c, void **ptr, size_t *len)
{
	struct csv_reader *r = c->reader;

	if (r->rc)
		return false;
	if (!r->dropping && c->count <= LIMIT_COLUMNS)
		return true;
	c->line += csv_count_lines(span_of(*ptr, *len));
	if (!r->dropping)
		return false;
	r->dropping = false;
	hold_cells(r, false);
	*ptr = NULL;
	*len = 0;
	return true;
}

static const struct err *
judge(struct csv_reader *r)
{
	if (r->too_big)
		err_set(&r->problem, RC_RECORD, "a cell is longer than %u "
		    "bytes", LIMIT_LINE);
	else if (r->cells->count > LIMIT_COLUMNS)
		err_set(&r->problem, RC_RECORD, "%zu cells; %d is the most",
		    r->cells->count, LIMIT_COLUMNS);
	else
		return NULL;
	return &r->problem;
}

static void
next_row(struct csv_reader *r, const struct err *problem)
{
	r->row.lines = r->cells->line - r->row.line + 1;
	r->row.cells = r->cells->count;
	r->row.problem = problem;
	r->rc = r->h->row(r->cells, &r->row, r->e);
	r->cells->count = 0;
	r->too_big = r->dropping = false;
	hold_cells(r, r->rc != RC_OK);
}

/* With CSV_REPALL_NL also for empty lines and for the LF of CR LF. */
static void
on_row(int end, void *cells)
{
	struct csv_reader *r = ((struct csv_cells *)cells)->reader;

	if (r->rc)
		return;
	if (end == '\n' && r->last_end == '\r' && r->cells->count == 0) {
		r->last_end = 0;
		return;
	}
	r->row.ended = end >= 0;
	if (r->cells->count > 0)
		next_row(r, judge(r));
	r->last_end = end;
	r->cells->line++;
	r->row.line = r->cells->line;
}

/* ---- what stops libcsv in the middle ---- */

static struct span
cell_so_far(const struct csv_reader *r)
{
	return span_of((char *)r->parser.entry_buf, r->parser.entry_pos);
}

/*
 * The cell does not fit: drop what is there and go on, for the row's end has
 * to be found.  One byte stays, since libcsv takes one off at a quote.
 */
static void
drop_cell(struct csv_reader *r)
{
	r->cells->line += csv_count_lines(span_of((char *)r->parser.entry_buf,
	    r->parser.entry_pos - 1));
	r->parser.entry_buf[0] = r->parser.entry_buf[r->parser.entry_pos - 1];
	r->parser.entry_pos = 1;
	r->too_big = r->dropping = true;
	hold_cells(r, true);
}

/* Lets libcsv take one byte it calls an error as the character it is. */
static void
take_literally(struct csv_reader *r, const unsigned char *c)
{
	csv_set_opts(&r->parser, OPTIONS & ~CSV_STRICT);
	csv_parse(&r->parser, c, 1, r->h->cell, on_row,
	    r->cells);
	csv_set_opts(&r->parser, OPTIONS);
}

/* From here two readings of the row are followed until both end it. */
static void
begin_doubt(struct csv_reader *r, const char *why)
{
	r->cells->line += csv_count_lines(cell_so_far(r));
	err_set(&r->problem, RC_RECORD, "%s (line %llu)", why,
	    (unsigned long long)r->cells->line);
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
stray_quote(struct csv_reader *r, const unsigned char *c)
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
no_agreement(struct csv_reader *r)
{
	return err_set(r->e, RC_CONFIG, "%s, and it is unclear where the row "
	    "that begins in line %llu ends; nothing after it was read",
	    r->problem.text, (unsigned long long)r->row.line);
}

/* Follows the two readings; returns how many bytes that took. */
static size_t
feed_doubt(struct csv_reader *r, const struct csv_dialect *d, struct span s)
{
	size_t n;

	n = csv_doubt_follow(&r->doubt, d, s);
	r->cells->line += csv_count_lines(span_of(s.ptr, n));
	if (r->doubt.state == CSV_DOUBT_APART)
		r->rc = no_agreement(r);
	if (r->doubt.state != CSV_DOUBT_AGREED)
		return n;
	r->row.ended = r->row.torn = true;
	r->cells->line--; /* its own line end, which on_row counts */
	next_row(r, &r->problem);
	r->row.torn = false;
	r->last_end = s.ptr[n - 1];
	r->cells->line++;
	r->row.line = r->cells->line;
	r->doubt.state = CSV_DOUBT_NONE;
	return n;
}

static size_t
feed_libcsv(struct csv_reader *r, struct span s)
{
	size_t n;

	n = csv_parse(&r->parser, s.ptr, s.len, r->h->cell, on_row,
	    r->cells);
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
feed_piece(struct csv_reader *r, const struct csv_dialect *d, struct span s)
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
feed(struct csv_reader *r, const struct csv_dialect *d, struct span block)
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
finish(struct csv_reader *r)
{
	if (r->doubt.state)
		return no_agreement(r);
	if (csv_fini(&r->parser, r->h->cell, on_row,
	    r->cells) != 0)
		return err_set(r->e, RC_SYSTEM, "line %llu: a quote opened "
		    "here is not closed: the file is cut",
		    (unsigned long long)r->cells->line);
	return r->rc;
}

static enum rc
prefix_line(struct csv_reader *r, enum rc rc)
{
	uint64_t line = r->cells->line + csv_count_lines(cell_so_far(r));

	return err_prefix(r->e, rc, "line %llu", (unsigned long long)line);
}

static void
reader_open(struct csv_reader *r, const struct csv_handler *h, struct err *e)
{
	*r = (struct csv_reader){ .h = h, .cells = h->cells, .previous = '\n',
	    .e = e, .row = { .line = 1 } };
	*h->cells = (struct csv_cells){ .line = 1, .reader = r };
	csv_init(&r->parser, OPTIONS);
	csv_set_blk_size(&r->parser, CELL_STEP);
	csv_set_realloc_func(&r->parser, grow_cell);
}

static void
set_dialect(struct csv_reader *r, const struct csv_dialect *d)
{
	csv_set_delim(&r->parser, (unsigned char)d->delimiter);
	csv_set_quote(&r->parser, (unsigned char)d->quote);
}

enum rc
csv_read(struct encoding *text, struct csv_dialect *d,
    const struct csv_handler *h, struct err *e)
{
	struct csv_reader r;
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
