/* SPDX-License-Identifier: MIT */
/*
 * spool: any number of (key, payload) entries sorted by key, in bounded
 * memory; entries with one key keep the order they came in.  What does not fit
 * goes to unlinked files in the home, in sorted runs that are merged while
 * reading.  It can be read several times.
 */
#ifndef SPOOL_H
#define SPOOL_H

#include <stddef.h>

#include "err.h"
#include "span.h"

struct spool;

/* `dir` is where the files go (and vanish by themselves). */
struct spool *spool_new(const char *dir, size_t memory);
void spool_free(struct spool *s);

enum rc spool_add(struct spool *s, struct span key, struct span payload,
    struct err *e) RC_CHECK;

/* Ends adding; the first spool_next then gives the first entry (again). */
enum rc spool_rewind(struct spool *s, struct err *e) RC_CHECK;

/* Spans live until the next call.  RC_END after the last. */
enum rc spool_next(struct spool *s, struct span *key, struct span *payload,
    struct err *e) RC_CHECK;

#endif
