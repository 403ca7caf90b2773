/* SPDX-License-Identifier: MIT */
/*
 * history: the last values of a field of which the entity's file keeps some
 * (`history: 6`), each with its time.  A row keeps those before the agreed
 * one, oldest first, as `past` (record.h); a list has the agreed one at its
 * end.  Null is no value.
 */
#ifndef HISTORY_H
#define HISTORY_H

#include "arena.h"
#include "mapping.h"
#include "record.h"

/* The agreed value goes: it is the newest of the past.  Memory is the
 * arena's.  `most` is the entity field's; 0 forgets all. */
void history_remember(struct agreed_field *f, unsigned most,
    struct arena *a);

/* Appends [{"value":70,"time":"2026-..."},...], oldest first. */
void history_put(struct buf *b, const struct agreed_field *f, unsigned most);

/* Is the past's encoding whole? */
bool history_is_whole(struct span past);

/*
 * Of such a list, an array node: "up", "down" or "same", the last value
 * against the first; empty when there are not two.
 */
struct span history_trend(const struct json *j, uint32_t list);

#endif
