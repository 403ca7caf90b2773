/* SPDX-License-Identifier: MIT */
/* rejects: the file that keeps what could not be processed, and why. */
#ifndef REJECTS_H
#define REJECTS_H

#include "run.h"

/*
 * Appends {"type":"reject","stage","line"?,"system"?,"object"?,"id"?,
 * "reason","input"}.  Opens r->rejects_fd at the first call: --rejects FILE,
 * else rejects/RUN.ndjson in the home, mode 0600; a file that others may read
 * is refused (RC_CONFIG).  RC_END: there is no place to keep it.
 */
enum rc rejects_add(struct run *r, const struct where *w,
    const struct err *why, struct span input, struct err *e) RC_CHECK;

#endif
