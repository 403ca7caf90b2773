/* SPDX-License-Identifier: MIT */
/*
 * values: what the fields of a history's records may hold: each value in its
 * canonical form and in the ways the people of each side write it.
 */
#ifndef VALUES_H
#define VALUES_H

#include "../../../src/lib/buf.h"
#include "../../../src/lib/span.h"

#define SIDES 3

/* From MEMO on: only some histories have them, and their values are made as
 * they are needed, not listed here. */
enum field { NAME, PRICE, EMAIL, PHONE, SINCE, TIER, TAGS, CODE, MEMO, PARENT,
	FIELDS };

/* What people change; a code stays, for records are joined by it. */
#define EDITED CODE
#define CODES 6

/* What a side shows is a canonical text, NULL for null or nothing, or: */
extern const char values_bad[];   /* rejected */
extern const char values_never[]; /* it was never read */

void values_start(void); /* once, before values_read */
void values_end(void);

const char *values_field(enum field f);       /* our name for it */
const char *values_native(int side, enum field f);
const char *values_type(enum field f);        /* for the entity file */
/* What the side's mapping says of the field beyond its name, appended. */
void values_mapping(struct buf *b, int side, enum field f);

const char *values_canonical(enum field f, unsigned n);
/*
 * A side may have room for CUT characters of a name only.  Two of the names
 * fit: people there write those.
 */
#define CUT 6
unsigned values_short(unsigned n);
/* The name of which it shows a part, or NULL: it is shown whole. */
const char *values_whole(struct span part);
/* The value as JSON, as people there write it; ways differ by `way`. */
void values_write(struct buf *b, int side, enum field f, unsigned n,
    unsigned way);
/* As a system writes it that writes things its own way: an equivalent. */
void values_reformat(struct buf *b, int side, enum field f, unsigned n);
/* True when two canonical JSON texts are equivalent under that. */
bool values_equivalent(struct span a, struct span b);
/* As JSON, something the field cannot hold; NULL: it can hold anything. */
const char *values_wrong(enum field f);
/* The canonical text of what was read there: a string's characters, or the
 * text of a number; values_bad when it is none of ours. */
const char *values_read(int side, enum field f, struct span text);
/* Index of a canonical text, or -1. */
int values_index(enum field f, const char *canonical);

/* Equal; NULL is a value. */
bool values_same(const char *a, const char *b);

#endif
