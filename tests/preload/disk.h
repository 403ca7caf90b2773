/* SPDX-License-Identifier: MIT */
/*
 * disk: what of the files below FAULT_DISK=DIR[:DIR...] would be there after
 * the power failed.  Bytes are safe once their file was synced after them (or
 * they were written through O_DSYNC), names once their directory was.  What
 * earlier processes did counts as safe.
 *
 *   FAULT_LOSE=none   at death nothing is lost: a plain kill -9
 *              all    all that is not safe
 *              bytes  bytes that are not safe, but no names
 *              names  names that are not safe, but no bytes
 *              SEED   some of it, chosen by this number: sectors of 512 bytes
 *                     of the writes (the one under way as well), up to some
 *                     moment in each file, and each directory's changes up to
 *                     some moment
 *   FAULT_STASH=DIR   on the same file system, where what is removed is kept
 *                     in case it comes back
 *
 * The calls below keep the books; each does nothing for other files.
 */
#ifndef DISK_H
#define DISK_H

#include <stdbool.h>
#include <sys/types.h>
#include <sys/uio.h>

/* A descriptor was opened on this absolute path; created: by the call. */
void disk_opened(int fd, const char *path, int flags, bool created);
/* About to open what is there and to empty it. */
void disk_emptying(const char *path);
void disk_closed(int fd);

/* Before a write (at: -1 where the descriptor stands) ... */
void disk_before(int fd);
off_t disk_place(int fd);
/* ... and after it; intended: it did not take place. */
void disk_wrote(int fd, const struct iovec *iov, int count, off_t at,
    size_t len, bool intended);
void disk_truncated(int fd, off_t len);
/* A file's bytes or a directory's names are safe. */
void disk_synced(int fd);
/* They are not, and no later sync will make them so. */
void disk_spoiled(int fd);

/* The power fails. */
void disk_lose(void);

#endif
