/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "raw.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>

long
raw(long number, ...)
{
	static long (*real)(long, ...);
	va_list ap;
	long a[6];

	va_start(ap, number);
	for (int i = 0; i < 6; i++)
		a[i] = va_arg(ap, long);
	va_end(ap);
	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "syscall");
	return real(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

int
raw_fstat(int fd, struct stat *st)
{
	return (int)raw(SYS_newfstatat, fd, "", st, AT_EMPTY_PATH);
}

int
raw_stat(const char *path, struct stat *st)
{
	return (int)raw(SYS_newfstatat, AT_FDCWD, path, st, 0);
}
