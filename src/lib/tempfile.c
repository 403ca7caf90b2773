/* SPDX-License-Identifier: MIT */
#include "tempfile.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define PATH_CAP 4096

enum rc
tempfile_open(const char *dir, int *fd, struct err *e)
{
	char path[PATH_CAP];
	int n = snprintf(path, sizeof path, "%s/rows-XXXXXX", dir);

	if (n < 0 || (size_t)n >= sizeof path)
		return err_set(e, RC_CONFIG, "the path %.100s... is too long",
		    dir);
	*fd = mkstemp(path);
	if (*fd < 0)
		return err_errno(e, RC_SYSTEM, "a file in %s", dir);
	unlink(path);
	return RC_OK;
}

enum rc
tempfile_write(int fd, const void *ptr, size_t len, off_t at, struct err *e)
{
	const char *from = ptr;

	while (len) {
		ssize_t n = pwrite(fd, from, len, at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return err_errno(e, RC_SYSTEM, "a temporary file");
		from += n;
		len -= (size_t)n;
		at += n;
	}
	return RC_OK;
}

enum rc
tempfile_read(int fd, void *ptr, size_t len, off_t at, struct err *e)
{
	char *to = ptr;

	while (len) {
		ssize_t n = pread(fd, to, len, at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(e, RC_SYSTEM, "a temporary file");
		if (n == 0)
			return err_set(e, RC_SYSTEM, "a temporary file was "
			    "cut short");
		to += n;
		len -= (size_t)n;
		at += n;
	}
	return RC_OK;
}
