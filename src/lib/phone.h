/* SPDX-License-Identifier: MIT */
/*
 * phone: one number.  Canonical: a leading '+' if the number is international
 * ("+" or "00"), its digits, and an extension as " x12".  Brackets, spaces,
 * dots, dashes and slashes go; "+44 (0)20" loses the zero only dialled inside
 * the country.  What is no number ("ask Tom", "1-800-FLOWERS") stays a text
 * with its spaces squeezed: nothing a person wrote is lost.
 */
#ifndef PHONE_H
#define PHONE_H

#include "buf.h"
#include "span.h"

/* Appends the canonical form, without quotes. */
void phone_put(struct buf *b, struct span text);

/* The same digits; the longer may have a country code ("+1") before them. */
bool phone_equivalent(struct span canonical_a, struct span canonical_b);

#endif
