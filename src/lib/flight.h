/* SPDX-License-Identifier: MIT */
/*
 * flight: what left us for a system and was not answered.  It may be there,
 * or not, or be under way.  An outbox row keeps it (outbox.h) as the fields
 * and a digest of each value: no values.  After a repeat with another value a
 * field has several.
 */
#ifndef FLIGHT_H
#define FLIGHT_H

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"
#include "span.h"

/* Bytes of one; what needs more is not repeated before it was read. */
#define FLIGHT_CAP (16u << 10)

/* Adds a field's value to b, unless `before` has it.  `seed` is the state's. */
void flight_add(struct buf *b, struct span before, uint32_t field,
    struct span value, uint64_t seed);

/* Is the field one of those that left? */
bool flight_has(struct span flight, uint32_t field);

/* And with this value? */
bool flight_holds(struct span flight, uint32_t field, struct span value,
    uint64_t seed);

#endif
