/* SPDX-License-Identifier: MIT */
/*
 * fold: text as people mean it when they spell it differently: small letters
 * without accents, words parted by one space, other signs left out.
 */
#ifndef FOLD_H
#define FOLD_H

#include "buf.h"
#include "span.h"

/*
 * Appends letters and digits; an apostrophe or a full stop between them joins
 * (O'Brien, S.A.), '&' is "and", any other sign parts words.  Latin letters
 * lose their accents; others are as charcase has them.
 */
void fold_words(struct buf *b, struct span text);

/* The same without anything between: numbers of houses, codes, ids. */
void fold_code(struct buf *b, struct span text);

/* Digits only. */
void fold_digits(struct buf *b, struct span text);

#endif
