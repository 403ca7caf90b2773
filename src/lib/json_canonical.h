/* SPDX-License-Identifier: MIT */
/*
 * json_canonical: values that are equal as JSON have one text.  As
 * json_put_value, and members stand in the order of their names' bytes, and
 * numbers as decimal.h has them (1.0, 1e0 and 1 are 1); one with over
 * LIMIT_DIGITS digits stays as it is written.
 */
#ifndef JSON_CANONICAL_H
#define JSON_CANONICAL_H

#include "json.h"

/* Appends it; `a` is for scratch. */
void json_canonical_put(struct buf *b, const struct json *j, uint32_t node,
    struct arena *a);

#endif
