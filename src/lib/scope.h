/* SPDX-License-Identifier: MIT */
/*
 * scope: what selects the records of a listing, as begin's "scope" says it.
 * Two listings of one scope show the same records of the same state.
 */
#ifndef SCOPE_H
#define SCOPE_H

#include <stdint.h>

#include "buf.h"
#include "span.h"

/* Appends the scope of all records of an object: 16 hex digits. */
void scope_put(struct buf *b, struct span kind, struct span object);

/* What links keep of a scope's text. */
uint32_t scope_number(struct span scope);

#endif
