/* SPDX-License-Identifier: MIT */
/*
 * pool: the state's LMDB environment stays open from program to program.
 *
 * Opening it maps and unmaps files and clears megabytes, which was half the
 * time of a play.  The linker puts these functions in place of LMDB's (--wrap)
 * for the engine's calls; transactions are LMDB's own.
 */
#ifndef POOL_H
#define POOL_H

#include <stdbool.h>

/* Before the files of the home are taken away or put back. */
void pool_close(void);
bool pool_is_open(void);

#endif
