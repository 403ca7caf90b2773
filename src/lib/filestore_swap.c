/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* syscall; POSIX has no exchange of names */
#include "filestore_swap.h"

#include <errno.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/syscall.h>
#endif

#define EXCHANGE 2u /* RENAME_EXCHANGE of linux/fs.h */

int
filestore_swap(int dir, const char *a, const char *b)
{
#ifdef SYS_renameat2
	return (int)syscall(SYS_renameat2, dir, a, dir, b, EXCHANGE);
#else
	(void)dir;
	(void)a;
	(void)b;
	errno = ENOSYS;
	return -1;
#endif
}
