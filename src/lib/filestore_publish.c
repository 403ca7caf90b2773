/* SPDX-License-Identifier: MIT */
/* The durable steps of filestore_files.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fault.h"
#include "filestore_files.h"
#include "filestore_swap.h"

enum rc
filestore_files_make(const struct filestore_files *f, const char *file,
    int *fd, struct err *e)
{
	fault_step("make a file");
	*fd = openat(f->dir, file, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC |
	    O_NOFOLLOW | O_APPEND, 0600);
	if (*fd < 0)
		return err_errno(e, RC_SYSTEM, "%s/%s", f->path, file);
	return RC_OK;
}

enum rc
filestore_files_append(const struct filestore_files *f, const char *file,
    int *fd, struct err *e)
{
	*fd = openat(f->dir, file, O_RDWR | O_CLOEXEC | O_NOFOLLOW |
	    O_APPEND);
	if (*fd < 0)
		return err_errno(e, RC_SYSTEM, "%s/%s", f->path, file);
	return RC_OK;
}

enum rc
filestore_files_write(int fd, struct span bytes, struct err *e)
{
	ssize_t n;

	fault_step("write");
	while (bytes.len) {
		n = write(fd, bytes.ptr, bytes.len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(e, RC_SYSTEM, "write");
		bytes.ptr += n;
		bytes.len -= (size_t)n;
	}
	return RC_OK;
}

enum rc
filestore_files_sync(int fd, struct err *e)
{
	fault_step("sync");
	if (fsync(fd) != 0)
		return err_errno(e, RC_SYSTEM, "fsync");
	return RC_OK;
}

enum rc
filestore_files_sync_names(const struct filestore_files *f, struct err *e)
{
	fault_step("sync the directory");
	/* EINVAL: a file system that has nothing to sync there. */
	if (fsync(f->dir) != 0 && errno != EINVAL)
		return err_errno(e, RC_SYSTEM, "%s: fsync", f->path);
	return RC_OK;
}

enum rc
filestore_files_remove(const struct filestore_files *f, const char *file,
    struct err *e)
{
	fault_step("remove");
	if (unlinkat(f->dir, file, 0) != 0 && errno != ENOENT)
		return err_errno(e, RC_SYSTEM, "%s/%s: remove", f->path,
		    file);
	return RC_OK;
}

enum rc
filestore_files_rename(const struct filestore_files *f, const char *from,
    const char *to, struct err *e)
{
	fault_step("rename");
	if (renameat(f->dir, from, f->dir, to) != 0)
		return err_errno(e, RC_SYSTEM, "%s/%s: rename to %s", f->path,
		    from, to);
	return RC_OK;
}

static enum rc
is_still(const struct filestore_files *f, const char *file,
    const struct filestore_ident *expected, bool *still, struct err *e)
{
	struct filestore_ident now;
	enum rc rc;
	int fd;

	rc = filestore_files_look(f, file, &fd, &now, e);
	if (fd >= 0)
		close(fd);
	*still = !rc && filestore_files_same(&now, expected);
	return rc;
}

/* Where there was no base: link(2) refuses when there is one now. */
static enum rc
publish_first(const struct filestore_files *f, const char *file, bool *moved,
    struct err *e)
{
	fault_step("first base");
	if (linkat(f->dir, file, f->dir, f->base, 0) == 0)
		return filestore_files_sync_names(f, e);
	*moved = errno == EEXIST;
	if (*moved)
		return RC_OK;
	if (errno != EPERM && errno != ENOTSUP)
		return err_errno(e, RC_SYSTEM, "%s/%s: link", f->path,
		    f->base);
	return filestore_files_rename(f, file, f->base, e); /* no links here */
}

/*
 * The two names change places, so that a file somebody put there in the last
 * moment is not lost but in our hands: then they change back.
 */
static enum rc
publish_next(const struct filestore_files *f, const char *file,
    const struct filestore_ident *expected, bool *moved, struct err *e)
{
	bool still;
	enum rc rc;

	fault_step("swap");
	if (filestore_swap(f->dir, file, f->base) != 0) {
		if (errno == ENOENT) {
			*moved = true;
			return RC_OK;
		}
		if (errno != ENOSYS && errno != EINVAL)
			return err_errno(e, RC_SYSTEM, "%s/%s: rename",
			    f->path, f->base);
		rc = filestore_files_rename(f, file, f->base, e);
		return rc ? rc : filestore_files_sync_names(f, e);
	}
	rc = is_still(f, file, expected, &still, e);
	if (!still) {
		*moved = true;
		fault_step("swap back");
		if (filestore_swap(f->dir, file, f->base) != 0)
			return err_errno(e, RC_PERSON, "%s/%s: somebody's"
			    " edit is in %s: rename", f->path, f->base, file);
	}
	return rc ? rc : filestore_files_sync_names(f, e);
}

enum rc
filestore_files_publish(const struct filestore_files *f, const char *file,
    const struct filestore_ident *expected, bool *moved, struct err *e)
{
	bool still;
	enum rc rc;

	*moved = false;
	if (!expected->there)
		return publish_first(f, file, moved, e);
	rc = is_still(f, f->base, expected, &still, e);
	if (rc)
		return rc;
	*moved = !still;
	return still ? publish_next(f, file, expected, moved, e) : RC_OK;
}
