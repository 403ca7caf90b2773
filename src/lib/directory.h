/* SPDX-License-Identifier: MIT */
/* directory: making names durable, which syncing a file does not. */
#ifndef DIRECTORY_H
#define DIRECTORY_H

#include "err.h"

/* What was made, renamed or removed beside `path` (and itself) is durable. */
enum rc directory_sync_of(const char *path, struct err *e) RC_CHECK;

#endif
