/* SPDX-License-Identifier: MIT */
#include "secret.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "directory.h"
#include "fault.h"
#include "xalloc.h"

void
secret_init(struct buf *b, size_t cap, const char *what)
{
	buf_init(b, cap, what);
	buf_reserve(b, cap);
}

void
secret_free(struct buf *b)
{
	if (b->ptr)
		OPENSSL_cleanse(b->ptr, b->room);
	buf_free(b);
}

void
secret_set(struct buf *b, struct span s)
{
	struct buf fresh;

	secret_init(&fresh, s.len + 1, b->what);
	buf_span(&fresh, s);
	secret_free(b);
	*b = fresh;
}

void
secret_wipe(struct span s)
{
	if (s.len)
		OPENSSL_cleanse((char *)(uintptr_t)s.ptr, s.len);
}

bool
secret_equal(struct span a, struct span b)
{
	return a.len == b.len && (!a.len ||
	    CRYPTO_memcmp(a.ptr, b.ptr, a.len) == 0);
}

void
secret_crypto(void)
{
	if (!OSSL_LIB_CTX_get0_global_default())
		xalloc_fail();
}

enum rc
secret_random(void *bytes, size_t n, struct err *e)
{
	secret_crypto();
	if (RAND_bytes(bytes, (int)n) != 1)
		return err_set(e, RC_SYSTEM, "the system gives no random "
		    "numbers");
	return RC_OK;
}

/* Nobody but us may have had a look at it. */
static enum rc
check_mode(int fd, const char *path, bool given, struct err *e)
{
	mode_t others = S_IRWXG | S_IRWXO;
	struct stat st;

	if (fstat(fd, &st) != 0)
		return err_errno(e, RC_SYSTEM, "%s", path);
	if (!S_ISREG(st.st_mode))
		return err_set(e, RC_CONFIG, "%s: is no plain file", path);
	if (st.st_uid != geteuid() && st.st_uid != 0)
		return err_set(e, RC_CONFIG, "%s: belongs to another user",
		    path);
	if (given && st.st_uid == 0 && st.st_gid == 0)
		others &= ~(mode_t)S_IRGRP;
	if (st.st_mode & others)
		return err_set(e, RC_CONFIG, "%s: others may read it; chmod "
		    "600, and change what it kept secret", path);
	return RC_OK;
}

static enum rc
read_all(struct buf *b, int fd, const char *path, struct err *e)
{
	ssize_t n;

	for (;;) {
		if (b->len == b->cap)
			return err_set(e, RC_CONFIG, "%s: over %zu bytes",
			    path, b->cap);
		n = read(fd, b->ptr + b->len, b->cap - b->len);
		if (n == 0)
			return RC_OK;
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(e, RC_SYSTEM, "%s", path);
		b->len += (size_t)n;
	}
}

static enum rc
read_file(struct buf *b, const char *path, bool given, struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	enum rc rc;

	if (fd < 0 && errno == ENOENT)
		return RC_END;
	if (fd < 0)
		return err_errno(e, errno == ELOOP ? RC_CONFIG :
		    err_of_file(errno), "%s", path);
	rc = check_mode(fd, path, given, e);
	if (!rc)
		rc = read_all(b, fd, path, e);
	close(fd);
	return rc;
}

enum rc
secret_read(struct buf *b, const char *path, struct err *e)
{
	return read_file(b, path, false, e);
}

enum rc
secret_read_given(struct buf *b, const char *path, struct err *e)
{
	return read_file(b, path, true, e);
}

/* Bytes up to the end of the line; one at a time, so that what follows stays
 * unread. */
static enum rc
read_line(struct buf *b, struct err *e)
{
	ssize_t n;
	char c = 0;

	for (;;) {
		n = read(STDIN_FILENO, &c, 1);
		if (n < 0 && errno == EINTR)
			return err_set(e, RC_SYSTEM, "interrupted");
		if (n < 0)
			return err_errno(e, RC_SYSTEM, "stdin");
		if (n == 0 || c == '\n')
			break;
		buf_putc(b, c);
	}
	if (b->len && b->ptr[b->len - 1] == '\r')
		b->len--;
	return b->over ? err_set(e, RC_CONFIG, "stdin: the line is longer "
	    "than %zu bytes", b->cap) : RC_OK;
}

enum rc
secret_ask(struct buf *b, struct err *e)
{
	struct termios before, silent;
	bool terminal = tcgetattr(STDIN_FILENO, &before) == 0;
	enum rc rc;

	if (terminal) {
		silent = before;
		silent.c_lflag &= ~(tcflag_t)ECHO;
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
	}
	rc = read_line(b, e);
	if (terminal)
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
	return rc;
}

static enum rc
write_all(int fd, struct span bytes, const char *path, struct err *e)
{
	while (bytes.len) {
		ssize_t n = write(fd, bytes.ptr, bytes.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(e, RC_SYSTEM, "%s", path);
		bytes = span_of(bytes.ptr + n, bytes.len - (size_t)n);
	}
	fault_step("sync a file of secrets");
	if (fsync(fd) != 0)
		return err_errno(e, RC_SYSTEM, "%s", path);
	return RC_OK;
}

enum rc
secret_write(const char *path, struct span bytes, struct err *e)
{
	char fresh[4096];
	enum rc rc;
	int fd, n = snprintf(fresh, sizeof fresh, "%s.tmp", path);

	if (n < 0 || (size_t)n >= sizeof fresh)
		return err_set(e, RC_CONFIG, "%s: too long a path", path);
	fault_step("make a file of secrets");
	if (unlink(fresh) != 0 && errno != ENOENT)
		return err_errno(e, RC_SYSTEM, "%s", fresh);
	fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_errno(e, RC_SYSTEM, "%s", fresh);
	rc = write_all(fd, bytes, fresh, e);
	if (close(fd) != 0 && !rc)
		rc = err_errno(e, RC_SYSTEM, "%s", fresh);
	fault_step("replace a file of secrets");
	if (!rc && rename(fresh, path) != 0)
		rc = err_errno(e, RC_SYSTEM, "%s", path);
	if (rc) {
		unlink(fresh);
		return rc;
	}
	return directory_sync_of(path, e);
}
