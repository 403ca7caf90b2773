/* SPDX-License-Identifier: MIT */
/*
 * restored: a state that was brought back from a dump does not know what
 * happened since.  Until every system that had been read completely has been
 * again, nothing is created or deleted anywhere.
 *
 *   meta  "restored"  ->  a checkpoint's key a line, each part counted
 */
#ifndef RESTORED_H
#define RESTORED_H

#include "home.h"
#include "state.h"

/*
 * Takes cursor and "full" off every checkpoint, so that all are read from the
 * beginning, and remembers which had been read completely.
 */
enum rc restored_begin(struct txn *t, struct err *e) RC_CHECK;

/*
 * RC_OK: `what` names what has still to be read ("app customer"); systems not
 * declared or disabled by now are not waited for.  RC_END: nothing.
 */
enum rc restored_waits(struct txn *t, const struct systems *systems,
    struct buf *what, struct err *e) RC_CHECK;

#endif
