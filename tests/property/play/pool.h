/* SPDX-License-Identifier: MIT */
/*
 * pool: what stays from program to program in a play, because getting it anew
 * for each was more than half of its time: the state's LMDB environment (each
 * opening maps and unmaps files and clears megabytes), and the bytes of
 * configuration files, and an expression compiled.  The linker puts these
 * functions in place of the real ones (--wrap) for the engine's calls;
 * transactions are LMDB's own, and each program parses its configuration.
 */
#ifndef POOL_H
#define POOL_H

#include <stdbool.h>

/* Before the files of the home are taken away or put back. */
void pool_close(void);
bool pool_is_open(void);
/* After configuration was written. */
void pool_forget_files(void);
/* All that is kept goes. */
void pool_end(void);

#endif
