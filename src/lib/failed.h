/* SPDX-License-Identifier: MIT */
/*
 * failed: runs that did not do their work, in a file beside the state, which
 * they leave as it is.
 *
 *   $CRM_HOME/failed.ndjson   a line each:
 *       {"run":"…","program":"…","system":"…","at":"…","began":"…","exit":3,
 *        "error":"…"}
 *
 * At 256 KiB it becomes failed.ndjson.1, and what was there before is gone.
 */
#ifndef FAILED_H
#define FAILED_H

#include "buf.h"
#include "run.h"

/*
 * A line, if the run stands at an exit status of 2 or more and there is a
 * home; that it cannot be written is no failure of its own.
 */
void failed_note(const struct run *r, struct span system);

/* Appends what the files hold, oldest first; cut lines may be among it. */
enum rc failed_read(struct buf *b, struct err *e) RC_CHECK;

/* Room for both files. */
#define FAILED_CAP (1u << 20)

#endif
