/* SPDX-License-Identifier: MIT */
/*
 * csv: bridge to libcsv, which splits; what it does not do is here.  Lines
 * are counted, cells come as they stand (no space is trimmed), a file that is
 * cut or ambiguous is told from a whole one, and nothing is guessed:
 *
 *   - a quote inside an unquoted cell is that character (5" pipe);
 *   - a quote after leading spaces, or text after a closing quote, can be
 *     read in two ways.  If both end the row at the same line end, that row
 *     is bad (csv_row.problem) and the next ones are not in doubt; else the
 *     reading stops with RC_CONFIG and the line;
 *   - a quote still open at the end of the file is a cut file: RC_SYSTEM;
 *   - a row of more than LIMIT_COLUMNS cells or a cell of more than
 *     LIMIT_LINE bytes is bad, and costs no more memory than that.
 *
 * Empty lines are skipped.  A line ends with LF, CR LF or CR.
 */
#ifndef CSV_BRIDGE_H
#define CSV_BRIDGE_H

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"
#include "encoding.h"
#include "err.h"
#include "span.h"

struct csv_dialect {
	char delimiter;
	char quote;
};

struct csv_row {
	uint64_t line;  /* it begins here, from 1 */
	uint64_t lines; /* it spans so many */
	size_t cells;
	bool ended;     /* by a line end; false: by the end of the file */
	bool torn;      /* bad, and how many cells it has is not known: there
	                   are more than `cells` */
	const struct err *problem; /* NULL, or why it is bad */
};

/* So many bytes after a cell may be read (whatever is in them). */
#define CSV_CELL_SLACK 16

/*
 * In a cell these stand for a space and a tab at the edge of a cell; no text
 * has such bytes.  Who looks at each byte anyway puts them right on the way,
 * who does not calls csv_restore_spaces.
 */
#define CSV_MARK_SPACE ((char)0xff)
#define CSV_MARK_TAB ((char)0xfe)
void csv_restore_spaces(char *cell, size_t len);

/*
 * What a cell function keeps, since libcsv calls it without a way through us:
 * it adds one to `count` and, when that was not below `fast` before, asks
 * csv_cell_take; what it takes may hold line ends, which it adds to `line`
 * (csv_count_lines; who looks at each byte knows when to).
 */
struct csv_cells {
	size_t count;   /* cells of this row so far */
	size_t fast;    /* so many of them need not ask */
	size_t expects; /* `fast` of the rows to come; the handler's to set */
	uint64_t line;  /* where the next cell begins */
	struct csv_reader *reader; /* csv.c's own */
};

/*
 * Is this cell for the handler?  False after a stop or beyond LIMIT_COLUMNS.
 * A cell that was too long and was dropped becomes a blank one.
 */
bool csv_cell_take(struct csv_cells *c, void **ptr, size_t *len);

/* Line ends (LF, CR LF or CR) in a cell. */
uint64_t csv_count_lines(struct span s);

struct csv_handler {
	/* Must outlive the reading; handed to both functions. */
	struct csv_cells *cells;
	/*
	 * One cell, which may be changed; ptr NULL when blank and unquoted.
	 */
	void (*cell)(void *ptr, size_t len, void *cells);
	/* The row is over.  Anything but RC_OK stops the reading. */
	enum rc (*row)(struct csv_cells *cells, const struct csv_row *row,
	    struct err *e);
};

/*
 * "," ";" "tab" "|" or another single ASCII character; `text` NULL or empty
 * leaves *c alone.  RC_CONFIG when it is no such thing; `what` is the option.
 */
enum rc csv_character(char *c, const char *text, const char *what,
    struct err *e) RC_CHECK;

/* A delimiter and a quote that can be told apart. */
enum rc csv_dialect_check(const struct csv_dialect *d, struct err *e)
    RC_CHECK;

/*
 * The one of  , ; tab |  that stands outside quotes in the first line.
 * RC_CONFIG when several do; ',' when none does.
 */
enum rc csv_detect(char *delimiter, struct span text, char quote,
    struct err *e) RC_CHECK;

/*
 * Reads text to its end through the handler.  A zero d->delimiter is detected
 * (and set).  RC_OK at the end, what the handler stopped with, or a failure
 * whose words begin with the line.
 */
enum rc csv_read(struct encoding *text, struct csv_dialect *d,
    const struct csv_handler *h, struct err *e) RC_CHECK;

/* Appends one cell, quoted; ptr NULL: blank.  The caller ends the line. */
void csv_put_cell(struct buf *b, struct span cell, bool first);

#endif
