/* SPDX-License-Identifier: MIT */
/* tempfile: a file without a name, gone when it is closed. */
#ifndef TEMPFILE_H
#define TEMPFILE_H

#include <stddef.h>
#include <sys/types.h>

#include "err.h"

/* RC_SYSTEM, as the others: no room, no right to write in `dir`. */
enum rc tempfile_open(const char *dir, int *fd, struct err *e) RC_CHECK;
enum rc tempfile_write(int fd, const void *ptr, size_t len, off_t at,
    struct err *e) RC_CHECK;
/* All of it must be there. */
enum rc tempfile_read(int fd, void *ptr, size_t len, off_t at,
    struct err *e) RC_CHECK;

#endif
