/* SPDX-License-Identifier: MIT */
#include "seal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../lib/xalloc.h"
#include "dump.h"

#define LEAD "sealed "
#define SEAL_LEN (sizeof LEAD - 1 + AUDIT_HASH_TEXT + 1)
#define BLOCK ((size_t)1 << 20)

/* Less than n bytes: there are no more, or errno is set. */
static size_t
read_block(int fd, char *to, size_t n, off_t at)
{
	size_t got = 0;
	ssize_t more;

	errno = 0;
	do {
		more = pread(fd, to + got, n - got, at + (off_t)got);
		got += more > 0 ? (size_t)more : 0;
	} while (got < n && (more > 0 || (more < 0 && errno == EINTR)));
	return got;
}

/* The line that belongs behind the first `size` bytes. */
static enum rc
digest(int fd, off_t size, char line[SEAL_LEN], struct err *e)
{
	struct dump_digest d;
	char *block = xmalloc(BLOCK);
	enum rc rc;

	dump_digest_init(&d);
	errno = 0;
	for (off_t at = 0; at < size && !errno; at += (off_t)BLOCK) {
		size_t n = size - at < (off_t)BLOCK ? (size_t)(size - at) :
		    BLOCK;

		dump_digest_add(&d, span_of(block, read_block(fd, block, n,
		    at)));
	}
	rc = errno ? err_errno(e, RC_SYSTEM, "reading it") :
	    audit_hash_check(d.hash, e);
	memcpy(line, LEAD, sizeof LEAD - 1);
	audit_hash_text(d.last, AUDIT_HASH, line + sizeof LEAD - 1);
	line[SEAL_LEN - 1] = '\n';
	dump_digest_free(&d);
	free(block);
	return rc;
}

static enum rc
append(int fd, const char line[SEAL_LEN], struct err *e)
{
	ssize_t n = write(fd, line, SEAL_LEN);

	if (n >= 0 && n < (ssize_t)SEAL_LEN)
		return err_set(e, RC_SYSTEM, "the disk is full");
	if (n < 0 || fsync(fd) < 0)
		return err_errno(e, RC_SYSTEM, "writing it");
	return RC_OK;
}

enum rc
seal_put(const char *path, struct err *e)
{
	char line[SEAL_LEN];
	int fd = open(path, O_RDWR | O_APPEND | O_CLOEXEC);
	off_t size = fd < 0 ? -1 : lseek(fd, 0, SEEK_END);
	enum rc rc;

	rc = size < 0 ? err_errno(e, RC_SYSTEM, "%s", path) :
	    digest(fd, size, line, e);
	if (!rc)
		rc = append(fd, line, e);
	if (fd >= 0 && close(fd) < 0 && !rc)
		rc = err_errno(e, RC_SYSTEM, "%s", path);
	return rc;
}

enum rc
seal_check(const char *path, struct err *e)
{
	char line[SEAL_LEN], there[SEAL_LEN];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	off_t size = fd < 0 ? -1 : lseek(fd, 0, SEEK_END);
	enum rc rc = RC_OK;

	if (size < 0)
		rc = err_errno(e, err_of_file(errno), "opening it");
	size = size < (off_t)SEAL_LEN ? 0 : size - (off_t)SEAL_LEN;
	if (!rc)
		rc = digest(fd, size, line, e);
	if (!rc && (read_block(fd, there, SEAL_LEN, size) < SEAL_LEN ||
	    memcmp(line, there, SEAL_LEN) != 0))
		rc = err_set(e, RC_STATE, "it is not as it was written: cut "
		    "short, or damaged; take another backup");
	if (fd >= 0)
		close(fd);
	return rc;
}

bool
seal_is(const char *path)
{
	char there[SEAL_LEN];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	off_t size = fd < 0 ? -1 : lseek(fd, 0, SEEK_END);
	bool is = size >= (off_t)SEAL_LEN && read_block(fd, there, SEAL_LEN,
	    size - (off_t)SEAL_LEN) == SEAL_LEN &&
	    memcmp(there, LEAD, sizeof LEAD - 1) == 0;

	if (fd >= 0)
		close(fd);
	return is;
}
