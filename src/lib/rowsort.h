/* SPDX-License-Identifier: MIT */
/*
 * rowsort: any number of rows of two numbers, sorted by both, in memory for a
 * 64th of them.  They are parted by the first number's upper bits into a file
 * without a name, and sorted a part at a time.
 */
#ifndef ROWSORT_H
#define ROWSORT_H

#include <stddef.h>
#include <stdint.h>

#include "err.h"

#define ROWSORT_PARTS 64u

struct row {
	uint64_t key, value;
};

struct rowsort;

/*
 * `bits`: how many bits the keys have, 64 for hashes; they should be evenly
 * spread below that.  `dir` is where the file goes.
 */
struct rowsort *rowsort_new(const char *dir, unsigned bits);
void rowsort_free(struct rowsort *s);

enum rc rowsort_add(struct rowsort *s, uint64_t key, uint64_t value,
    struct err *e) RC_CHECK;

/*
 * The rows of a part, each once; those of a later part come after them.  They
 * live until the next call.  A part may be asked for again.
 */
enum rc rowsort_part(struct rowsort *s, size_t part, struct row **rows,
    size_t *count, struct err *e) RC_CHECK;

#endif
