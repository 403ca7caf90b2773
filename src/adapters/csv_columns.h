/* SPDX-License-Identifier: MIT */
/*
 * csv_columns: what the header line of a CSV file says.  Names are matched
 * without case (ASCII) and without white space at their ends; none may be
 * empty or there twice.
 */
#ifndef CSV_COLUMNS_H
#define CSV_COLUMNS_H

#include "../lib/arena.h"
#include "adapter.h"

enum csv_role { CSV_PLAIN, CSV_ID, CSV_MODIFIED };

struct csv_column {
	struct span name;  /* as `data` carries it */
	struct span key;   /* `"name":"`, with CSV_KEY_SLACK bytes after it */
	enum csv_role role;
	bool carried;      /* in `data` */
	bool simple;       /* carried, with a short key */
};

#define CSV_KEY_SLACK 32

struct csv_columns {
	struct csv_column *items; /* owned */
	size_t count, room;
	size_t bytes;             /* of all names, kept or not */
	size_t id;                /* index of the id column */
	struct span id_name;      /* and its name in the file, trimmed */
	struct arena arena;       /* owns the spans */
};

void csv_columns_init(struct csv_columns *c);
void csv_columns_free(struct csv_columns *c);

/* One cell of the header line; beyond LIMIT_LINE bytes in all it is counted
 * and not kept, and the header is refused. */
void csv_columns_add(struct csv_columns *c, struct span name);

/*
 * The header is read: checks the names and finds the id: req->id_column, else
 * the mapping's, else a column called "id".  RC_CONFIG naming the columns, as
 * when the mapping knows none of them but the id.
 */
enum rc csv_columns_settle(struct csv_columns *c,
    const struct read_request *req, struct err *e) RC_CHECK;

#endif
