/* SPDX-License-Identifier: MIT */
/*
 * filestore_identity: which store a directory is, in a file of its own there:
 *
 *   .crm-store   "crm-store 1 ID WRITTEN\n"
 *
 * ID is random, made once.  WRITTEN is how many writers there were, so that an
 * older copy of the directory can be told from the one we know.
 */
#ifndef FILESTORE_IDENTITY_H
#define FILESTORE_IDENTITY_H

#include <stdint.h>

#include "err.h"

#define FILESTORE_ID 32 /* hex digits */

struct filestore_identity {
	char id[FILESTORE_ID + 1];
	uint64_t written;
};

/* RC_END when the directory has none, RC_PERSON when it is damaged. */
enum rc filestore_identity_read(const char *dir,
    struct filestore_identity *i, struct err *e) RC_CHECK;
/* Makes one where there is none; RC_END when that cannot be. */
enum rc filestore_identity_make(const char *dir,
    struct filestore_identity *i, struct err *e) RC_CHECK;
/* One more writer begins; durable when it returns.  RC_END as above. */
enum rc filestore_identity_raise(const char *dir, struct err *e) RC_CHECK;

#endif
