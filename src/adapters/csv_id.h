/* SPDX-License-Identifier: MIT */
/*
 * csv_id: what a cell of the id column says.  White space at its ends is none
 * of the id, as in references.
 */
#ifndef CSV_ID_H
#define CSV_ID_H

#include "../lib/span.h"

/* What the file says besides ids, in that column. */
struct csv_id_words {
	struct span header;      /* its column's name there */
	struct span null_marker; /* len SIZE_MAX: none */
};

/* NULL: *id is the record's; else why the cell holds none. */
const char *csv_id_read(struct span cell, const struct csv_id_words *w,
    struct span *id);

#endif
