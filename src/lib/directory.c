/* SPDX-License-Identifier: MIT */
#include "directory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fault.h"
#include "xalloc.h"

enum rc
directory_sync_of(const char *path, struct err *e)
{
	size_t len = strlen(path);
	enum rc rc = RC_OK;
	char *dir;
	int fd;

	while (len > 1 && path[len - 1] == '/')
		len--;
	while (len && path[len - 1] != '/')
		len--;
	dir = len ? xstrndup(path, len) : xstrdup(".");
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	fault_step("sync a directory");
	/* EINVAL: a file system that has nothing to sync there */
	if (fd < 0 || (fsync(fd) != 0 && errno != EINVAL))
		rc = err_errno(e, RC_SYSTEM, "%s", dir);
	if (fd >= 0)
		close(fd);
	free(dir);
	return rc;
}
