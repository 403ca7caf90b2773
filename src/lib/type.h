/* SPDX-License-Identifier: MIT */
/*
 * type: one value of one type.  type_put gives the canonical form: equal
 * values have equal bytes.  type_equivalent is the wider relation: what a
 * system may make of a value without anybody having edited it.
 *
 *   text      as it is               equivalent: white space at the ends,
 *                                    CRLF and LF
 *   number    exact decimal, rounded to `scale`   (decimal.h)
 *   integer   the same, without a fraction
 *   boolean   true, false; also yes no y n t f on off 1 0 as text
 *   date      2026-11-20, datetime 2026-11-20T10:11:12.123Z   (datetime.h)
 *             equivalent: to the second
 *   email phone url                  (email.h, phone.h, url.h)
 *   enum      one of `values` in their spelling; any trimmed text without
 *             `values`                equivalent: case
 *   set       sorted array of such texts, each once
 *   ref       {"ref":"user","id":"77"}: the id the source system knows
 *   json      json_canonical.h
 *
 * Empty text is null for every type but text.
 */
#ifndef TYPE_H
#define TYPE_H

#include "mapping_private.h"

/*
 * Appends the canonical JSON of a value that is not absent; `s` (or NULL)
 * says how the source writes it.  RC_RECORD with the reason, without a name.
 */
enum rc type_put(const struct entity_field *f, const struct map_step *s,
    const struct map_value *v, struct arena *scratch, struct buf *out,
    struct err *e) RC_CHECK;

/* Two canonical JSON texts; `longest` (0: none) is the limit in characters. */
bool type_equivalent(const struct entity_field *f, size_t longest,
    struct span sent, struct span held);

/*
 * type_fit.c: the canonical form of a value a rule has made, as JSON text.
 * RC_RECORD with the reason when it does not fit the field: its type, its
 * values, its length, null where it is required.
 */
enum rc type_fit(const struct entity_field *f, struct span value,
    struct arena *a, struct span *out, struct err *e) RC_CHECK;

#endif
