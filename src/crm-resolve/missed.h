/* SPDX-License-Identifier: MIT */
/*
 * missed: what was agreed went elsewhere and came back while a side was not
 * heard of, and was not told.  Its shadow shows the agreed value still, but an
 * edit found there may be from before, or meanwhile: it is concurrent.
 */
#ifndef MISSED_H
#define MISSED_H

#include "field.h"

/*
 * Sets *missed if the side's system was neither written to nor read since
 * another one made the record's field (its index there) what stands.
 */
enum rc missed_it(const struct work *w, const struct observation *o,
    const struct side *s, size_t at, bool *missed, struct err *e) RC_CHECK;

/*
 * A row that could not be used, or moved meanwhile, was not read either; one
 * that waits for what it refers to was, but for that.
 */
enum rc missed_all(const struct work *w, const struct observation *o,
    bool *missed, struct err *e) RC_CHECK;

#endif
