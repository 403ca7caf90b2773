/* SPDX-License-Identifier: MIT */
/* filestore_pass: base and journal, streamed into the next base. */
#ifndef FILESTORE_PASS_H
#define FILESTORE_PASS_H

#include "filestore_review.h"

/*
 * Writes to `out` the base's lines in their order, changed ones in their
 * place, deleted ones left out, then the new ones in the order they came.
 * Lines that are no records stay byte for byte.  Unless `plain`, lines whose
 * version does not fit get the one they were read with; `mtime` (ns) is the
 * base's.  base is -1 when there is none.
 */
enum rc filestore_pass(int base, int64_t mtime, int journal,
    const struct filestore_review *r, bool plain, int out, struct err *e)
    RC_CHECK;

#endif
