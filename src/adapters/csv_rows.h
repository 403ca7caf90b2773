/* SPDX-License-Identifier: MIT */
/*
 * csv_rows: cells become one JSON object a row.  This is the hot path of
 * crm-extract csv: a cell is looked at once, 16 bytes at a time, on its way
 * into the row's buffer.
 */
#ifndef CSV_ROWS_H
#define CSV_ROWS_H

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
	const struct csv_columns *columns;
	struct span null_marker;   /* says null; len SIZE_MAX: none */
	enum csv_blank blank;
	struct buf data;           /* the row's object as it grows */
	size_t at;                 /* column of the next cell */
	size_t id_len;             /* more than LIMIT_ID: too long */
	char id[LIMIT_ID];
	struct buf modified;       /* the mapping's column, as it stands */
};

void csv_rows_init(struct csv_rows *r, const struct csv_columns *columns);
void csv_rows_free(struct csv_rows *r);

/* One cell: a csv_handler's `cell`, its argument a struct csv_rows. */
bool csv_rows_cell(void *rows, char *ptr, size_t len);

/*
 * The row's object, closed.  Cells without a column stand in a member "", for
 * a reject to show.  Lives until csv_rows_next.
 */
struct span csv_rows_data(struct csv_rows *r);
void csv_rows_next(struct csv_rows *r);

#endif
