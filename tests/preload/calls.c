/* SPDX-License-Identifier: MIT */
/* calls: what stands in front of the C library; see chance.h and disk.h. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "chance.h"
#include "disk.h"
#include "names.h"
#include "raw.h"

#define FDS 1024
#define EXCHANGE 2u

/* The function of that name which stands behind us. */
#define REAL(name) \
	static __typeof__(&name) real; \
	if (!real) \
		*(void **)&real = dlsym(RTLD_NEXT, #name)

/* Fails the call with what chance says, unless that is a short count. */
#define MAY_FAIL(kind, failed) \
	do { \
		int code_ = chance(kind); \
		if (code_ > 0) { \
			errno = code_; \
			return failed; \
		} \
	} while (0)

static bool watched[FDS];

/* ---- paths and descriptors ---- */

static void
path_of(int fd, char out[PATH_MAX])
{
	char link[64];
	long n;

	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	n = raw(SYS_readlinkat, AT_FDCWD, link, out, PATH_MAX - 1);
	out[n < 0 ? 0 : n] = '\0';
}

/* Absolute, but for `..` and links, which nobody here uses. */
static void
absolute(int dir, const char *path, char out[PATH_MAX])
{
	size_t len = 0;

	if (path[0] != '/') {
		if (dir != AT_FDCWD)
			path_of(dir, out);
		else if (!getcwd(out, PATH_MAX))
			abort();
		len = strlen(out);
		while (path[0] == '.' && path[1] == '/')
			path += 2;
		out[len++] = '/';
	}
	if (len + strlen(path) >= PATH_MAX)
		abort();
	memcpy(out + len, path, strlen(path) + 1);
	len = strlen(out);
	while (len > 1 && out[len - 1] == '/')
		out[--len] = '\0';
}

static bool
is_watched(int fd)
{
	return fd >= 0 && fd < FDS && watched[fd];
}

static bool
is_watched_path(const char *path)
{
	return chance_below("FAULT_UNDER", path);
}

static bool
is_there(const char *path)
{
	struct stat st;

	return raw(SYS_newfstatat, AT_FDCWD, path, &st,
	    AT_SYMLINK_NOFOLLOW) == 0;
}

static void
opened(int fd, const char *path, int flags, bool created)
{
	if (fd < 0 || fd >= FDS)
		return;
	watched[fd] = true;
	disk_opened(fd, path, flags, created);
}

/* What the shell gave us. */
__attribute__((constructor)) static void
begin(void)
{
	char path[PATH_MAX];

	for (int fd = 0; fd < 2; fd++) {
		path_of(fd, path);
		watched[fd] = chance_setting("FAULT_UNDER") &&
		    (is_watched_path(path) ||
		    strncmp(path, "pipe:", 5) == 0);
	}
}

/* A step that may be the last one. */
static void
step(void)
{
	if (chance_step())
		chance_die();
}

/* ---- opening and closing ---- */

static int
open_as(int dir, const char *path, int flags, mode_t mode)
{
	char whole[PATH_MAX];
	bool created;
	int fd;

	absolute(dir, path, whole);
	if (!is_watched_path(whole))
		return (int)raw(SYS_openat, dir, path, flags, mode);
	MAY_FAIL(KIND_OPEN, -1);
	created = (flags & O_CREAT) && !is_there(whole);
	if (created || (flags & O_TRUNC))
		step();
	if (!created && (flags & O_TRUNC))
		disk_emptying(whole);
	fd = (int)raw(SYS_openat, dir, path, flags, mode);
	opened(fd, whole, flags, created);
	return fd;
}

static mode_t
mode_of(int flags, va_list ap)
{
	return flags & (O_CREAT | O_TMPFILE) ? (mode_t)va_arg(ap, int) : 0;
}

#define OPEN(name) \
int \
name(const char *path, int flags, ...) \
{ \
	va_list ap; \
	mode_t mode; \
	va_start(ap, flags); \
	mode = mode_of(flags, ap); \
	va_end(ap); \
	return open_as(AT_FDCWD, path, flags, mode); \
}
#define OPENAT(name) \
int \
name(int dir, const char *path, int flags, ...) \
{ \
	va_list ap; \
	mode_t mode; \
	va_start(ap, flags); \
	mode = mode_of(flags, ap); \
	va_end(ap); \
	return open_as(dir, path, flags, mode); \
}
OPEN(open)
OPEN(open64)
OPENAT(openat)
OPENAT(openat64)

int __open_2(const char *path, int flags);
int __open64_2(const char *path, int flags);
int __openat_2(int dir, const char *path, int flags);

int
__open_2(const char *path, int flags)
{
	return open_as(AT_FDCWD, path, flags, 0);
}

int
__open64_2(const char *path, int flags)
{
	return open_as(AT_FDCWD, path, flags, 0);
}

int
__openat_2(int dir, const char *path, int flags)
{
	return open_as(dir, path, flags, 0);
}

int
creat(const char *path, mode_t mode)
{
	return open_as(AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, mode);
}

static int
make_temporary(char *path, int (*real)(char *))
{
	char whole[PATH_MAX];
	int fd;

	absolute(AT_FDCWD, path, whole);
	if (!is_watched_path(whole))
		return real(path);
	MAY_FAIL(KIND_OPEN, -1);
	step();
	fd = real(path);
	absolute(AT_FDCWD, path, whole);
	opened(fd, whole, O_RDWR, fd >= 0);
	return fd;
}

int
mkstemp(char *path)
{
	REAL(mkstemp);
	return make_temporary(path, real);
}

int
mkstemp64(char *path)
{
	REAL(mkstemp64);
	return make_temporary(path, real);
}

/* stdio reads by itself, but it opens as all others do. */
FILE *
fopen(const char *path, const char *mode)
{
	char whole[PATH_MAX];
	REAL(fopen);

	absolute(AT_FDCWD, path, whole);
	if (is_watched_path(whole))
		MAY_FAIL(KIND_OPEN, NULL);
	return real(path, mode);
}

int
close(int fd)
{
	bool was = is_watched(fd);

	if (fd >= 0 && fd < FDS)
		watched[fd] = false;
	disk_closed(fd);
	if (was)
		MAY_FAIL(KIND_CLOSE, (int)(raw(SYS_close, fd) ? -1 : -1));
	return (int)raw(SYS_close, fd);
}

/* ---- reading ---- */

static size_t
halved(size_t n)
{
	return n > 1 ? n / 2 : n;
}

ssize_t
read(int fd, void *buf, size_t n)
{
	int code = is_watched(fd) ? chance(KIND_READ) : 0;

	if (code > 0) {
		errno = code;
		return -1;
	}
	return raw(SYS_read, fd, buf, code ? halved(n) : n);
}

ssize_t __read_chk(int fd, void *buf, size_t n, size_t room);
ssize_t __pread_chk(int fd, void *buf, size_t n, off_t at, size_t room);
ssize_t __pread64_chk(int fd, void *buf, size_t n, off_t at, size_t room);

ssize_t
__read_chk(int fd, void *buf, size_t n, size_t room)
{
	if (n > room)
		abort();
	return read(fd, buf, n);
}

ssize_t
pread(int fd, void *buf, size_t n, off_t at)
{
	int code = is_watched(fd) ? chance(KIND_READ) : 0;

	if (code > 0) {
		errno = code;
		return -1;
	}
	return raw(SYS_pread64, fd, buf, code ? halved(n) : n, at);
}

ssize_t
pread64(int fd, void *buf, size_t n, off_t at)
{
	return pread(fd, buf, n, at);
}

ssize_t
__pread_chk(int fd, void *buf, size_t n, off_t at, size_t room)
{
	if (n > room)
		abort();
	return pread(fd, buf, n, at);
}

ssize_t
__pread64_chk(int fd, void *buf, size_t n, off_t at, size_t room)
{
	return __pread_chk(fd, buf, n, at, room);
}

ssize_t
readv(int fd, const struct iovec *iov, int count)
{
	if (is_watched(fd))
		MAY_FAIL(KIND_READ, -1);
	return raw(SYS_readv, fd, iov, count);
}

/* ---- writing ---- */

static size_t
sum(const struct iovec *iov, int count)
{
	size_t n = 0;

	for (int i = 0; i < count; i++)
		n += iov[i].iov_len;
	return n;
}

/* at: -1 where it stands.  A short write takes the first parts' half. */
static ssize_t
write_parts(int fd, const struct iovec *iov, int count, off_t at)
{
	struct iovec half;
	off_t place;
	ssize_t n;
	int code;

	code = chance(KIND_WRITE);
	if (code > 0) {
		errno = code;
		return -1;
	}
	if (code) {
		half = iov[0];
		half.iov_len = halved(half.iov_len);
		iov = &half;
		count = 1;
	}
	disk_before(fd);
	place = at < 0 ? disk_place(fd) : at;
	if (chance_step()) {
		disk_wrote(fd, iov, count, place, sum(iov, count), true);
		chance_die();
	}
	n = at < 0 ? raw(SYS_writev, fd, iov, count) :
	    raw(SYS_pwritev, fd, iov, count, at, 0L);
	if (n > 0)
		disk_wrote(fd, iov, count, place, (size_t)n, false);
	return n;
}

ssize_t
write(int fd, const void *buf, size_t n)
{
	struct iovec iov = { (void *)buf, n };

	if (!is_watched(fd))
		return raw(SYS_write, fd, buf, n);
	return write_parts(fd, &iov, 1, -1);
}

ssize_t
pwrite(int fd, const void *buf, size_t n, off_t at)
{
	struct iovec iov = { (void *)buf, n };

	if (!is_watched(fd))
		return raw(SYS_pwrite64, fd, buf, n, at);
	return write_parts(fd, &iov, 1, at);
}

ssize_t
pwrite64(int fd, const void *buf, size_t n, off_t at)
{
	return pwrite(fd, buf, n, at);
}

ssize_t
writev(int fd, const struct iovec *iov, int count)
{
	if (!is_watched(fd))
		return raw(SYS_writev, fd, iov, count);
	return write_parts(fd, iov, count, -1);
}

ssize_t
pwritev(int fd, const struct iovec *iov, int count, off_t at)
{
	if (!is_watched(fd))
		return raw(SYS_pwritev, fd, iov, count, at, 0L);
	return write_parts(fd, iov, count, at);
}

static int
truncate_to(int fd, off_t len)
{
	int rc;

	if (!is_watched(fd))
		return (int)raw(SYS_ftruncate, fd, len);
	MAY_FAIL(KIND_TRUNCATE, -1);
	disk_before(fd);
	step();
	rc = (int)raw(SYS_ftruncate, fd, len);
	if (rc == 0)
		disk_truncated(fd, len);
	return rc;
}

int
ftruncate(int fd, off_t len)
{
	return truncate_to(fd, len);
}

int
ftruncate64(int fd, off_t len)
{
	return truncate_to(fd, len);
}

/* ---- syncing ---- */

static int
sync_as(int fd, long number)
{
	int rc, code;

	if (!is_watched(fd))
		return (int)raw(number, fd);
	code = chance(KIND_SYNC);
	if (code > 0) {
		disk_spoiled(fd);
		errno = code;
		return -1;
	}
	step();
	rc = (int)raw(number, fd);
	if (rc == 0)
		disk_synced(fd);
	return rc;
}

int
fsync(int fd)
{
	return sync_as(fd, SYS_fsync);
}

int
fdatasync(int fd)
{
	return sync_as(fd, SYS_fdatasync);
}

/* ---- names ---- */

static int
rename_as(int from_dir, const char *from, int to_dir, const char *to,
    unsigned flags)
{
	char a[PATH_MAX], b[PATH_MAX];
	int rc, stash;

	absolute(from_dir, from, a);
	absolute(to_dir, to, b);
	if (!is_watched_path(a))
		return (int)raw(SYS_renameat2, from_dir, from, to_dir, to,
		    flags);
	MAY_FAIL(KIND_RENAME, -1);
	step();
	stash = flags & EXCHANGE ? 0 : names_stash(b);
	rc = (int)raw(SYS_renameat2, from_dir, from, to_dir, to, flags);
	if (rc == 0 && (flags & EXCHANGE))
		names_swapped(a, b);
	else if (rc == 0)
		names_renamed(a, b, stash);
	return rc;
}

int
rename(const char *from, const char *to)
{
	return rename_as(AT_FDCWD, from, AT_FDCWD, to, 0);
}

int
renameat(int from_dir, const char *from, int to_dir, const char *to)
{
	return rename_as(from_dir, from, to_dir, to, 0);
}

int
renameat2(int from_dir, const char *from, int to_dir, const char *to,
    unsigned flags)
{
	return rename_as(from_dir, from, to_dir, to, flags);
}

/* By hand, where the C library is older than the call. */
long
syscall(long number, ...)
{
	va_list ap;
	long a[6];

	va_start(ap, number);
	for (int i = 0; i < 6; i++)
		a[i] = va_arg(ap, long);
	va_end(ap);
	if (number == SYS_renameat2)
		return rename_as((int)a[0], (const char *)a[1], (int)a[2],
		    (const char *)a[3], (unsigned)a[4]);
	return raw(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

static int
unlink_as(int dir, const char *path, int flags)
{
	char whole[PATH_MAX];
	int rc, stash;

	absolute(dir, path, whole);
	if (!is_watched_path(whole))
		return (int)raw(SYS_unlinkat, dir, path, flags);
	MAY_FAIL(KIND_UNLINK, -1);
	if (!is_there(whole)) {
		errno = ENOENT;
		return -1;
	}
	step();
	stash = names_stash(whole);
	rc = (int)raw(SYS_unlinkat, dir, path, flags);
	if (rc == 0)
		names_removed(whole, stash);
	return rc;
}

int
unlink(const char *path)
{
	return unlink_as(AT_FDCWD, path, 0);
}

int
unlinkat(int dir, const char *path, int flags)
{
	return unlink_as(dir, path, flags);
}

int
linkat(int from_dir, const char *from, int to_dir, const char *to, int flags)
{
	char whole[PATH_MAX];
	int rc;

	absolute(to_dir, to, whole);
	if (is_watched_path(whole)) {
		MAY_FAIL(KIND_LINK, -1);
		step();
	}
	rc = (int)raw(SYS_linkat, from_dir, from, to_dir, to, flags);
	if (rc == 0)
		names_made(whole, false);
	return rc;
}

int
link(const char *from, const char *to)
{
	return linkat(AT_FDCWD, from, AT_FDCWD, to, 0);
}

int
mkdirat(int dir, const char *path, mode_t mode)
{
	char whole[PATH_MAX];
	int rc;

	absolute(dir, path, whole);
	if (is_watched_path(whole)) {
		MAY_FAIL(KIND_MKDIR, -1);
		if (!is_there(whole))
			step();
	}
	rc = (int)raw(SYS_mkdirat, dir, path, mode);
	if (rc == 0)
		names_made(whole, true);
	return rc;
}

int
mkdir(const char *path, mode_t mode)
{
	return mkdirat(AT_FDCWD, path, mode);
}

/* ---- looking, locking, mapping, memory ---- */

int
fstat(int fd, struct stat *st)
{
	REAL(fstat);

	if (is_watched(fd))
		MAY_FAIL(KIND_STAT, -1);
	return real(fd, st);
}

int
fstatat(int dir, const char *path, struct stat *st, int flags)
{
	char whole[PATH_MAX];
	REAL(fstatat);

	absolute(dir, path, whole);
	if (is_watched_path(whole))
		MAY_FAIL(KIND_STAT, -1);
	return real(dir, path, st, flags);
}

int
stat(const char *path, struct stat *st)
{
	return fstatat(AT_FDCWD, path, st, 0);
}

static int
control(int fd, int command, void *arg)
{
	if (is_watched(fd) && command == F_SETLK)
		MAY_FAIL(KIND_LOCK, -1);
	return (int)raw(SYS_fcntl, fd, command, arg);
}

int
fcntl(int fd, int command, ...)
{
	va_list ap;
	void *arg;

	va_start(ap, command);
	arg = va_arg(ap, void *);
	va_end(ap);
	return control(fd, command, arg);
}

int
fcntl64(int fd, int command, ...)
{
	va_list ap;
	void *arg;

	va_start(ap, command);
	arg = va_arg(ap, void *);
	va_end(ap);
	return control(fd, command, arg);
}

void *
mmap(void *where, size_t len, int prot, int flags, int fd, off_t at)
{
	if (is_watched(fd))
		MAY_FAIL(KIND_MAP, MAP_FAILED);
	return (void *)raw(SYS_mmap, where, len, prot, flags, fd, at);
}

void *
mmap64(void *where, size_t len, int prot, int flags, int fd, off_t at)
{
	return mmap(where, len, prot, flags, fd, at);
}

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

/* What a library allocates while it is loaded counts no more than it does
 * where the program is linked with it: nobody could tell of a failure. */
static bool loading;

void *
dlopen(const char *name, int flags)
{
	void *library;
	REAL(dlopen);

	loading = true;
	library = real(name, flags);
	loading = false;
	return library;
}

static int
alloc_chance(void)
{
	return loading ? 0 : chance(KIND_ALLOC);
}

static void *
no_memory(void)
{
	errno = ENOMEM;
	return NULL;
}

void *
malloc(size_t size)
{
	if (alloc_chance() > 0)
		return no_memory();
	return __libc_malloc(size);
}

void *
calloc(size_t count, size_t size)
{
	if (alloc_chance() > 0)
		return no_memory();
	return __libc_calloc(count, size);
}

void *
realloc(void *ptr, size_t size)
{
	if (alloc_chance() > 0)
		return no_memory();
	return __libc_realloc(ptr, size);
}

int
posix_memalign(void **out, size_t align, size_t size)
{
	if (alloc_chance() > 0)
		return ENOMEM;
	*out = __libc_memalign(align, size);
	return *out ? 0 : ENOMEM;
}
