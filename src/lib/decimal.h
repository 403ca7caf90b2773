/* SPDX-License-Identifier: MIT */
/*
 * decimal: exact decimal numbers as text, never through a double.
 *
 * Canonical: an optional '-', digits without leading zeros, and only when
 * there is one a '.' and a fraction without trailing zeros.  No exponent, no
 * '+', no "-0".  Equal numbers have equal text.
 *
 * A scale is a number of decimals kept; what is beyond is rounded half away
 * from zero (2.345 -> 2.35, -2.345 -> -2.35), as invoices and the CRMs'
 * currency fields do.
 */
#ifndef DECIMAL_H
#define DECIMAL_H

#include <stdbool.h>

#include "buf.h"
#include "span.h"

/*
 * Appends the canonical text of a number: JSON's grammar, or as people write
 * it: "+5", ".5", "5.", "007".  scale < 0: as it comes.  False (nothing
 * appended) when it is no number, or has over LIMIT_DIGITS digits from the
 * first that is no zero on, or its point stands further than that from them.
 * So the text has at most 2 * LIMIT_DIGITS digits, a sign and "0.".
 */
bool decimal_put(struct buf *b, struct span text, int scale);

/* Of a text decimal_put refuses: it would be a number with fewer digits. */
bool decimal_is_long(struct span text);

/* The text is canonical already and within the scale: decimal_put copies. */
bool decimal_is_canonical(struct span text, int scale);

/*
 * Appends a number as people write it as plain digits with '.': `mark` is the
 * decimal mark, and groups of three may be parted by the other of '.' and
 * ',', by an apostrophe or by a space.  False when it is not of that form.
 */
bool decimal_unmark(struct buf *b, struct span text, char mark);

/* Order of two canonical numbers: < 0, 0, > 0. */
int decimal_cmp(struct span a, struct span b);

/* A canonical number without a fraction. */
bool decimal_is_integer(struct span canonical);

#endif
