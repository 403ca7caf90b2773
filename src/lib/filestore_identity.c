/* SPDX-License-Identifier: MIT */
#include "filestore_identity.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "buf.h"
#include "fault.h"
#include "hash.h"

#define NAME ".crm-store"
#define LEAD "crm-store 1 "
#define LEAD_LEN (sizeof LEAD - 1)
#define DIGITS 20
#define SIZE (LEAD_LEN + FILESTORE_ID + 1 + DIGITS + 1)

static enum rc
open_dir(const char *dir, int *fd, struct err *e)
{
	*fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (*fd >= 0)
		return RC_OK;
	return errno == ENOENT || errno == ENOTDIR || errno == EACCES ?
	    RC_END : err_errno(e, RC_SYSTEM, "%s", dir);
}

static void
format(const struct filestore_identity *i, char text[SIZE + 1])
{
	snprintf(text, SIZE + 1, LEAD "%s %020llu\n", i->id,
	    (unsigned long long)i->written);
}

static bool
parse(const char *text, size_t n, struct filestore_identity *i)
{
	const char *digit = text + LEAD_LEN + FILESTORE_ID + 1;

	if (n != SIZE || memcmp(text, LEAD, LEAD_LEN) != 0 ||
	    strspn(text + LEAD_LEN, "0123456789abcdef") != FILESTORE_ID ||
	    strspn(digit, "0123456789") != DIGITS || digit[DIGITS] != '\n')
		return false;
	memcpy(i->id, text + LEAD_LEN, FILESTORE_ID);
	i->id[FILESTORE_ID] = '\0';
	i->written = 0;
	for (size_t k = 0; k < DIGITS; k++)
		i->written = i->written * 10 + (uint64_t)(digit[k] - '0');
	return true;
}

static enum rc
read_from(int fd, const char *dir, struct filestore_identity *i,
    struct err *e)
{
	char text[SIZE + 2];
	size_t len = 0;
	ssize_t n = 1;

	while (len < SIZE + 1 && n > 0) {
		n = pread(fd, text + len, SIZE + 1 - len, (off_t)len);
		if (n < 0)
			return err_errno(e, RC_SYSTEM, "%s/" NAME, dir);
		len += (size_t)n;
	}
	text[len] = '\0';
	if (!parse(text, len, i))
		return err_set(e, RC_PERSON, "%s/" NAME " is damaged: bring "
		    "it back from a backup, or remove it", dir);
	return RC_OK;
}

/* Why it could not be opened; RC_END: it is not there, or nobody may look. */
static enum rc
judge_missing(const char *dir, int code, struct err *e)
{
	int at;
	enum rc rc;

	if (code == ENOENT || code == ENOTDIR)
		return RC_END;
	rc = open_dir(dir, &at, e);
	if (rc)
		return rc;
	close(at);
	errno = code;
	return err_errno(e, RC_SYSTEM, "%s/" NAME, dir);
}

enum rc
filestore_identity_read(const char *dir, struct filestore_identity *i,
    struct err *e)
{
	char path[4096];
	enum rc rc;
	int fd;

	if (snprintf(path, sizeof path, "%s/" NAME, dir) >= (int)sizeof path)
		return judge_missing(dir, ENAMETOOLONG, e);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return judge_missing(dir, errno, e);
	rc = read_from(fd, dir, i, e);
	close(fd);
	return rc;
}

/* "crm" of "/srv/crm/" */
static struct span
last_part(const char *dir)
{
	struct span s = span_str(dir);
	size_t from;

	while (s.len > 1 && s.ptr[s.len - 1] == '/')
		s.len--;
	for (from = s.len; from > 0 && s.ptr[from - 1] != '/'; from--)
		;
	return span_of(s.ptr + from, s.len - from);
}

/* A pinned run gives the same one to a folder of the same name. */
static bool
invent(struct filestore_identity *i, const char *dir)
{
	const char *pin = getenv("CRM_RUN");
	uint64_t half[2] = { 0, 0 };
	int fd;
	bool read_all;

	if (pin && pin[0]) {
		half[0] = hash64(span_str(pin), 1);
		half[1] = hash64(last_part(dir), half[0]);
	} else {
		fd = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
		read_all = fd >= 0 && read(fd, half, sizeof half) ==
		    sizeof half;
		if (fd >= 0)
			close(fd);
		if (!read_all)
			return false;
	}
	snprintf(i->id, sizeof i->id, "%016llx%016llx",
	    (unsigned long long)half[0], (unsigned long long)half[1]);
	i->written = 0;
	return true;
}

static bool
write_file(int fd, const struct filestore_identity *i)
{
	char text[SIZE + 1];

	format(i, text);
	fault_step("store identity");
	return pwrite(fd, text, SIZE, 0) == (ssize_t)SIZE && fsync(fd) == 0;
}

/* Under a name of its own first: it is there whole, or not at all. */
static bool
put_file(int at, const struct filestore_identity *i)
{
	char temp[64];
	int fd;
	bool done;

	snprintf(temp, sizeof temp, NAME ".%ld", (long)getpid());
	fd = openat(at, temp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC |
	    O_NOFOLLOW, 0600);
	if (fd < 0)
		return false;
	done = write_file(fd, i);
	close(fd);
	if (done) /* whoever was first made it */
		done = linkat(at, temp, at, NAME, 0) == 0 || errno == EEXIST;
	unlinkat(at, temp, 0);
	return done && fsync(at) == 0;
}

enum rc
filestore_identity_make(const char *dir, struct filestore_identity *i,
    struct err *e)
{
	int at;
	enum rc rc = filestore_identity_read(dir, i, e);

	if (rc != RC_END)
		return rc;
	rc = open_dir(dir, &at, e);
	if (rc)
		return rc;
	if (!invent(i, dir) || !put_file(at, i))
		rc = RC_END;
	close(at);
	return rc ? rc : filestore_identity_read(dir, i, e);
}

static enum rc
raise_locked(int fd, const char *dir, struct err *e)
{
	struct flock l = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	struct filestore_identity i;
	enum rc rc;

	if (fcntl(fd, F_SETLKW, &l) != 0)
		return err_errno(e, RC_SYSTEM, "%s/" NAME ": lock", dir);
	rc = read_from(fd, dir, &i, e);
	if (rc)
		return rc;
	i.written++;
	return write_file(fd, &i) ? RC_OK : err_errno(e, RC_SYSTEM,
	    "%s/" NAME, dir);
}

enum rc
filestore_identity_raise(const char *dir, struct err *e)
{
	struct filestore_identity i;
	int at, fd;
	enum rc rc = filestore_identity_make(dir, &i, e);

	if (!rc)
		rc = open_dir(dir, &at, e);
	if (rc)
		return rc;
	fd = openat(at, NAME, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	rc = fd < 0 ? err_errno(e, RC_SYSTEM, "%s/" NAME, dir) :
	    raise_locked(fd, dir, e);
	if (fd >= 0)
		close(fd);
	close(at);
	return rc;
}
