/* SPDX-License-Identifier: MIT */
/*
 * ran: what each stage of a run did.
 *
 *   run  RUN \0 program \0 system  ->  JSON object
 *       {"at":"…","began":"…","exit":1,…}
 *
 * `at` is when it ended; `began` is left out when that is the same, `exit`
 * when it is 0.
 * RUN is crm-resolve's, also where a loader has one of its own.  Kept for 90
 * days.
 */
#ifndef RAN_H
#define RAN_H

#include "state.h"

/* Begins such an object: `at` is now. */
void ran_begin(struct buf *b, int64_t began, int exit_status);

/* Also takes out what is too old. */
enum rc ran_put(struct txn *t, struct span run, const char *program,
    struct span system, struct span json, struct err *e) RC_CHECK;

#endif
