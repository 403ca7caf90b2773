/* SPDX-License-Identifier: MIT */
/*
 * charcase: case and blank characters of text, by our own tables: ASCII, the
 * Latin-1, Latin Extended-A, Greek and Cyrillic letters.  No locale.
 */
#ifndef CHARCASE_H
#define CHARCASE_H

#include "buf.h"
#include "span.h"

/* Without white space at both ends (also the no-break and ideographic one). */
struct span charcase_trim(struct span s);

/* Appends with white space trimmed and runs of it made one space. */
void charcase_squeeze(struct buf *b, struct span s);

/* Append in lower or upper case; what has none stays (sharp s too). */
void charcase_lower(struct buf *b, struct span s);
void charcase_upper(struct buf *b, struct span s);

/* The same but for the case of letters. */
bool charcase_eq(struct span a, struct span b);

#endif
