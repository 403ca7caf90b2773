/* SPDX-License-Identifier: MIT */
/*
 * names: the directories of disk.h.  Each call is made after its change took
 * place, but names_stash, which keeps what a name stands for before it goes
 * (0: nothing was there).  Paths are absolute; others than FAULT_DISK's are
 * ignored.
 */
#ifndef NAMES_H
#define NAMES_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

int names_stash(const char *path);
void names_made(const char *path, bool directory);
void names_removed(const char *path, int stash);
void names_renamed(const char *from, const char *to, int stash);
void names_swapped(const char *a, const char *b);

/* The directory's names are safe. */
void names_synced(const struct stat *dir);

/* Undoes what is not safe: all (NULL), or each directory's last changes. */
void names_lose(uint64_t (*toss)(void));

#endif
