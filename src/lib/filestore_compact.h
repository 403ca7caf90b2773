/* SPDX-License-Identifier: MIT */
/* filestore_compact: the journal goes into the base. */
#ifndef FILESTORE_COMPACT_H
#define FILESTORE_COMPACT_H

#include "filestore_files.h"

/*
 * Base and journal become the next base, in one pass and crash-safe at every
 * step; without a journal nothing is done.  A journal against another base
 * than the one there is first written anew (filestore_rebase.h).  `trusted`:
 * the journal is our own from this run; one that was left is checked line by
 * line, and its torn end cut.  `plain`: every line of the base is known to
 * have a version that fits.
 */
enum rc filestore_compact(const struct filestore_files *f, bool trusted,
    bool plain, struct err *e) RC_CHECK;

#endif
