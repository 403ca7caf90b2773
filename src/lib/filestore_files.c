/* SPDX-License-Identifier: MIT */
#include "filestore_files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fault.h"
#include "xalloc.h"

/* fcntl locks do not hold against the process itself; this list does. */
static struct filestore_files *locked;

/* ---- opening ---- */

static bool
is_name(struct span object)
{
	return object.len && object.len <= LIMIT_NAME &&
	    object.ptr[0] != '.' && !memchr(object.ptr, '/', object.len) &&
	    !memchr(object.ptr, '\0', object.len);
}

static void
name(char out[FILESTORE_NAME], struct span object, const char *suffix)
{
	snprintf(out, FILESTORE_NAME, "%.*s.ndjson%s", SPAN_ARG(object),
	    suffix);
}

enum rc
filestore_files_open(struct filestore_files *f, const char *dir,
    struct span object, struct err *e)
{
	memset(f, 0, sizeof *f);
	f->dir = f->lock = -1;
	if (!is_name(object))
		return err_set(e, RC_CONFIG, "an object of a file system must"
		    " be a file name of 1 to %d bytes that neither begins with"
		    " a dot nor holds a slash", LIMIT_NAME);
	name(f->base, object, "");
	name(f->journal, object, ".journal");
	name(f->temp, object, ".temp");
	name(f->rebased, object, ".rebased");
	name(f->lock_name, object, ".lock");
	f->path = xstrdup(dir);
	f->dir = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (f->dir >= 0)
		return RC_OK;
	if (errno == ENOENT)
		return err_set(e, RC_CONFIG, "%s: no such directory: make it"
		    " (mkdir -p %s) or correct the path in systems.jq", dir,
		    dir);
	return err_errno(e, errno == ENOTDIR ? RC_CONFIG : RC_SYSTEM, "%s",
	    dir);
}

static void
forget_lock(struct filestore_files *f)
{
	struct filestore_files **at = &locked;

	while (*at && *at != f)
		at = &(*at)->next;
	if (*at)
		*at = f->next;
}

void
filestore_files_close(struct filestore_files *f)
{
	forget_lock(f);
	if (f->lock >= 0)
		close(f->lock);
	if (f->dir >= 0)
		close(f->dir);
	free(f->path);
	f->path = NULL;
	f->dir = f->lock = -1;
}

/* ---- the lock ---- */

static bool
is_ours(const struct filestore_files *f)
{
	const struct filestore_files *l;
	struct stat st;

	if (fstatat(f->dir, f->lock_name, &st, 0) != 0)
		return false;
	for (l = locked; l; l = l->next)
		if (l->lock_device == (uint64_t)st.st_dev &&
		    l->lock_inode == (uint64_t)st.st_ino)
			return true;
	return false;
}

static struct flock
whole_file(void)
{
	return (struct flock){ .l_type = F_WRLCK, .l_whence = SEEK_SET };
}

static enum rc
busy(const struct filestore_files *f, pid_t pid, struct err *e)
{
	return err_set(e, RC_RETRY, "%s/%s is being written by process %ld",
	    f->path, f->base, (long)pid);
}

enum rc
filestore_files_lock(struct filestore_files *f, struct err *e)
{
	struct flock l = whole_file();
	struct stat st;

	if (is_ours(f))
		return busy(f, getpid(), e);
	f->lock = openat(f->dir, f->lock_name, O_RDWR | O_CREAT | O_CLOEXEC |
	    O_NOFOLLOW, 0600);
	if (f->lock < 0 || fstat(f->lock, &st) != 0)
		return err_errno(e, RC_SYSTEM, "%s/%s", f->path,
		    f->lock_name);
	if (fcntl(f->lock, F_SETLK, &l) != 0) {
		if (errno != EACCES && errno != EAGAIN)
			return err_errno(e, RC_SYSTEM, "%s/%s: lock", f->path,
			    f->lock_name);
		l.l_pid = 0;
		if (fcntl(f->lock, F_GETLK, &l) != 0)
			l.l_pid = 0;
		return busy(f, l.l_pid, e);
	}
	f->lock_device = (uint64_t)st.st_dev;
	f->lock_inode = (uint64_t)st.st_ino;
	f->next = locked;
	locked = f;
	return RC_OK;
}

pid_t
filestore_files_writer(const struct filestore_files *f)
{
	struct flock l = whole_file();
	int fd;

	if (is_ours(f))
		return getpid();
	fd = openat(f->dir, f->lock_name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return 0;
	if (fcntl(fd, F_GETLK, &l) != 0)
		l.l_type = F_UNLCK;
	close(fd);
	return l.l_type == F_UNLCK ? 0 : l.l_pid;
}

/* ---- looking ---- */

static struct filestore_ident
ident_of(const struct stat *st)
{
	return (struct filestore_ident){
		.there = true,
		.inode = (uint64_t)st->st_ino,
		.size = (uint64_t)st->st_size,
		.mtime = (int64_t)st->st_mtim.tv_sec * 1000000000 +
		    st->st_mtim.tv_nsec,
		.ctime = (int64_t)st->st_ctim.tv_sec * 1000000000 +
		    st->st_ctim.tv_nsec,
	};
}

enum rc
filestore_files_ident(int fd, struct filestore_ident *id, struct err *e)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return err_errno(e, RC_SYSTEM, "fstat");
	*id = ident_of(&st);
	return RC_OK;
}

bool
filestore_files_same(const struct filestore_ident *a,
    const struct filestore_ident *b)
{
	if (!a->there || !b->there)
		return a->there == b->there;
	return a->inode == b->inode && a->size == b->size &&
	    a->mtime == b->mtime;
}

enum rc
filestore_files_look(const struct filestore_files *f, const char *file,
    int *fd, struct filestore_ident *id, struct err *e)
{
	struct stat st;

	memset(id, 0, sizeof *id);
	*fd = openat(f->dir, file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW |
	    O_NONBLOCK);
	if (*fd < 0 && errno == ENOENT)
		return RC_OK;
	if (*fd < 0 && errno == ELOOP)
		return err_set(e, RC_CONFIG, "%s/%s is a symbolic link: give"
		    " the directory the file is in", f->path, file);
	if (*fd < 0 || fstat(*fd, &st) != 0)
		return err_errno(e, RC_SYSTEM, "%s/%s", f->path, file);
	if (!S_ISREG(st.st_mode))
		return err_set(e, RC_CONFIG, "%s/%s is no regular file",
		    f->path, file);
	*id = ident_of(&st);
	return RC_OK;
}
