/* SPDX-License-Identifier: MIT */
/* raw: calls that are neither watched nor counted. */
#ifndef RAW_H
#define RAW_H

#include <sys/stat.h>
#include <sys/syscall.h>

long raw(long number, ...);
/* As fstat(2) and stat(2). */
int raw_fstat(int fd, struct stat *st);
int raw_stat(const char *path, struct stat *st);

#endif
