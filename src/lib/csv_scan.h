/* SPDX-License-Identifier: MIT */
/* csv_scan: looking at CSV text without splitting it; csv.c's own. */
#ifndef CSV_SCAN_H
#define CSV_SCAN_H

#include <stdbool.h>
#include <stdint.h>

#include "csv.h"

/* Looks from the end: who asks at each quote of a cell pays for what stands
 * between them. */
bool csv_only_spaces(struct span s);

/*
 * libcsv trims spaces and tabs unless it has a function for them, which it
 * then calls for each byte: half its time.  So each one next to a delimiter
 * or line end, where trimming would see it, is replaced in place by a byte
 * UTF-8 never has (CSV_MARK_SPACE, CSV_MARK_TAB).  `before` and `after` are
 * the bytes around s.
 */
void csv_mark_spaces(char *s, size_t len, int before, int after,
    char delimiter);

/*
 * A row after a quote that can be read in two ways: the cell is quoted and
 * goes on, or it is not.  AGREED: both readings end the row at the byte last
 * taken.  APART: one does and the other does not.
 */
enum csv_doubt_state {
	CSV_DOUBT_NONE,
	CSV_DOUBT_OPEN,
	CSV_DOUBT_AGREED,
	CSV_DOUBT_APART
};

enum csv_place { PLACE_START, PLACE_PLAIN, PLACE_QUOTED, PLACE_QUOTE };

struct csv_doubt {
	enum csv_doubt_state state;
	enum csv_place inside, outside; /* where each reading stands */
};

void csv_doubt_begin(struct csv_doubt *d);
/* Takes bytes until the doubt is settled; returns how many it took. */
size_t csv_doubt_follow(struct csv_doubt *d, const struct csv_dialect *dialect,
    struct span s);

#endif
