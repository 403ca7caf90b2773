/* SPDX-License-Identifier: MIT */
/*
 * csv_rows: cells become one JSON object a row.  This is the hot path of
 * crm-extract csv: a cell is looked at once, 16 bytes at a time, on its way
 * into the row's buffer.
 */
#ifndef CSV_ROWS_H
#define CSV_ROWS_H

#include "../lib/csv.h"
#include "../lib/limits.h"
#include "csv_columns.h"

/* What an empty cell is. */
enum csv_blank {
	CSV_BLANK_AS_WRITTEN, /* nothing: absent; "": empty text */
	CSV_BLANK_ABSENT,
	CSV_BLANK_NULL,
	CSV_BLANK_EMPTY
};

struct csv_rows {
	struct csv_cells cells;      /* first: it is what csv_read knows */
	struct csv_columns *columns; /* filled by the cells of the header */
	bool settled;                /* the header is over */
	struct span null_marker;   /* says null; len SIZE_MAX: none */
	enum csv_blank blank;
	struct buf data;           /* the row's object as it grows */
	size_t blanks;             /* its cells with nothing in them */
	size_t id_len;             /* more than LIMIT_ID: too long */
	char id[LIMIT_ID];
	struct buf modified;       /* the mapping's column, as it stands */
};

void csv_rows_init(struct csv_rows *r, struct csv_columns *columns);
void csv_rows_free(struct csv_rows *r);

/* A csv_handler's `cell`; `rows` is a struct csv_rows. */
void csv_rows_cell(void *ptr, size_t len, void *rows);

/* The header is over and the columns are settled. */
void csv_rows_settle(struct csv_rows *r);

/*
 * The row's object, closed.  Cells without a column stand in a member "", for
 * a reject to show.  Lives until csv_rows_next.
 */
struct span csv_rows_data(struct csv_rows *r, size_t cells);
void csv_rows_next(struct csv_rows *r);

#endif
