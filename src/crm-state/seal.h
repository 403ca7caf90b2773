/* SPDX-License-Identifier: MIT */
/*
 * seal: that a file is as it was written.  Its last line is the digest of all
 * bytes before, so that a copy that lost or changed any is known for it before
 * anything in it is believed.
 */
#ifndef SEAL_H
#define SEAL_H

#include <stdbool.h>

#include "../lib/err.h"

/* Adds the line to a file that is whole, and syncs it. */
enum rc seal_put(const char *path, struct err *e) RC_CHECK;

/* RC_STATE where it is missing or does not hold. */
enum rc seal_check(const char *path, struct err *e) RC_CHECK;

/* Does the file end in such a line, whether it holds or not? */
bool seal_is(const char *path);

#endif
