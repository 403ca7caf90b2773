/* SPDX-License-Identifier: MIT */
/* filestore_rebase: a journal for a base that somebody edited meanwhile. */
#ifndef FILESTORE_REBASE_H
#define FILESTORE_REBASE_H

#include "filestore_files.h"

/*
 * Writes the journal anew against the base that is there now.  The person's
 * edit counts as the later one: a member we changed is changed in their line
 * only if it still has the value it had for us; a record they changed is not
 * deleted, one they deleted stays deleted, one they added with our id stays
 * theirs.  Applying a journal twice changes nothing.  `since` is that of the
 * journal there was: what it held is not in the base yet.
 */
enum rc filestore_rebase(const struct filestore_files *f, int64_t since,
    struct err *e) RC_CHECK;

#endif
