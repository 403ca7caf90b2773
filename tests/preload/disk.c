/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "disk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "chance.h"
#include "names.h"
#include "raw.h"

#define FILES 256
#define FDS 1024
#define SECTOR 512

/* glibc's own, which nothing here interposes. */
extern void *__libc_calloc(size_t, size_t);
extern void __libc_free(void *);

struct op {
	struct op *next;
	off_t at;
	size_t len;
	bool truncate; /* to `at` */
	bool safe;
	char bytes[];
};

struct file {
	dev_t dev;
	ino_t ino;
	int fd;         /* ours, never closed: that would end its locks */
	char *was;      /* the bytes that are safe */
	size_t was_len;
	struct op *first, *last;
	bool spoiled;
};

static struct file files[FILES];
static size_t file_count;
static bool on_disk[FDS];
static uint64_t chaos;

static uint64_t
toss(void)
{
	chaos ^= chaos << 13;
	chaos ^= chaos >> 7;
	chaos ^= chaos << 17;
	return chaos >> 11;
}

static void *
get(size_t size)
{
	void *p = __libc_calloc(1, size + 1);

	if (!p)
		abort();
	return p;
}

/* ---- files ---- */

static void
take_image(struct file *f)
{
	struct stat st;
	size_t len = 0;

	if (raw_fstat(f->fd, &st) != 0)
		abort();
	f->was = get((size_t)st.st_size);
	while (len < (size_t)st.st_size) {
		long n = raw(SYS_pread64, f->fd, f->was + len,
		    (size_t)st.st_size - len, (off_t)len);

		if (n <= 0)
			break;
		len += (size_t)n;
	}
	f->was_len = len;
}

static struct file *
file_find(const struct stat *st)
{
	for (size_t i = 0; i < file_count; i++)
		if (files[i].ino == st->st_ino && files[i].dev == st->st_dev)
			return &files[i];
	return NULL;
}

static struct file *
file_add(const char *path)
{
	struct file *f;
	struct stat st;
	long fd;

	if (raw_stat(path, &st) != 0 || !S_ISREG(st.st_mode))
		return NULL;
	f = file_find(&st);
	if (f)
		return f;
	fd = raw(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC);
	if (file_count == FILES || fd < 0)
		abort();
	f = &files[file_count++];
	*f = (struct file){ .dev = st.st_dev, .ino = st.st_ino,
		.fd = (int)fd };
	take_image(f);
	return f;
}

static struct file *
file_of(int fd)
{
	char path[64];
	struct file *f;
	struct stat st;

	if (fd < 0 || fd >= FDS || !on_disk[fd] || raw_fstat(fd, &st) != 0 ||
	    !S_ISREG(st.st_mode))
		return NULL;
	f = file_find(&st);
	if (f)
		return f;
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	return file_add(path);
}

static struct op *
op_add(struct file *f, size_t len)
{
	struct op *op = get(sizeof *op + len);

	if (f->last)
		f->last->next = op;
	else
		f->first = op;
	f->last = op;
	op->len = len;
	return op;
}

void
disk_opened(int fd, const char *path, int flags, bool created)
{
	struct file *f;

	(void)flags;
	if (fd < 0 || fd >= FDS)
		return;
	on_disk[fd] = chance_below("FAULT_DISK", path);
	if (!on_disk[fd] || !created)
		return;
	f = file_of(fd);
	if (f)
		names_made(path, false);
}

void
disk_emptying(const char *path)
{
	struct file *f;

	if (!chance_below("FAULT_DISK", path))
		return;
	f = file_add(path);
	if (f)
		op_add(f, 0)->truncate = true;
}

void
disk_closed(int fd)
{
	if (fd >= 0 && fd < FDS)
		on_disk[fd] = false;
}

void
disk_before(int fd)
{
	(void)file_of(fd);
}

off_t
disk_place(int fd)
{
	struct stat st;
	int flags = fcntl(fd, F_GETFL);

	if (flags >= 0 && (flags & O_APPEND) && raw_fstat(fd, &st) == 0)
		return st.st_size;
	return lseek(fd, 0, SEEK_CUR);
}

void
disk_wrote(int fd, const struct iovec *iov, int count, off_t at, size_t len,
    bool intended)
{
	struct file *f = file_of(fd);
	size_t done = 0;
	struct op *op;

	if (!f)
		return;
	op = op_add(f, len);
	op->at = at;
	op->safe = !intended && (fcntl(fd, F_GETFL) & (O_DSYNC | O_SYNC));
	for (int i = 0; i < count && done < len; i++) {
		size_t n = iov[i].iov_len;

		if (n > len - done)
			n = len - done;
		memcpy(op->bytes + done, iov[i].iov_base, n);
		done += n;
	}
}

void
disk_truncated(int fd, off_t len)
{
	struct file *f = file_of(fd);
	struct op *op;

	if (!f)
		return;
	op = op_add(f, 0);
	op->truncate = true;
	op->at = len;
}

/* ---- replaying ---- */

static void
resize(struct file *f, size_t len)
{
	char *now = get(len);

	memcpy(now, f->was, len < f->was_len ? len : f->was_len);
	__libc_free(f->was);
	f->was = now;
	f->was_len = len;
}

static void
replay_part(struct file *f, const struct op *op, size_t from, size_t len)
{
	size_t end = (size_t)op->at + from + len;

	if (end > f->was_len)
		resize(f, end);
	memcpy(f->was + op->at + from, op->bytes + from, len);
}

static void
replay(struct file *f, const struct op *op)
{
	if (op->truncate)
		resize(f, (size_t)op->at);
	else
		replay_part(f, op, 0, op->len);
}

static void
replay_some(struct file *f, const struct op *op, unsigned percent)
{
	size_t at = 0;

	while (at < op->len) {
		size_t n = SECTOR - ((size_t)op->at + at) % SECTOR;

		if (n > op->len - at)
			n = op->len - at;
		if (toss() % 100 < percent)
			replay_part(f, op, at, n);
		at += n;
	}
}

static void
forget_ops(struct file *f)
{
	struct op *op = f->first, *next;

	for (; op; op = next) {
		next = op->next;
		__libc_free(op);
	}
	f->first = f->last = NULL;
}

void
disk_synced(int fd)
{
	struct stat st;
	struct file *f;

	if (fd < 0 || fd >= FDS || !on_disk[fd] || raw_fstat(fd, &st) != 0)
		return;
	if (S_ISDIR(st.st_mode)) {
		names_synced(&st);
		return;
	}
	f = file_find(&st);
	if (!f)
		return;
	for (struct op *op = f->first; op; op = op->next)
		replay(f, op);
	forget_ops(f);
}

void
disk_spoiled(int fd)
{
	struct file *f = file_of(fd);

	if (!f || !f->first)
		return;
	for (struct op *op = f->first; op; op = op->next)
		if (op->safe)
			replay(f, op);
	forget_ops(f);
	f->spoiled = true;
}

/* ---- the power fails ---- */

static void
put_back(const struct file *f)
{
	size_t done = 0;

	if (raw(SYS_ftruncate, f->fd, (off_t)f->was_len) != 0)
		abort();
	while (done < f->was_len) {
		long n = raw(SYS_pwrite64, f->fd, f->was + done,
		    f->was_len - done, (off_t)done);

		if (n <= 0)
			abort();
		done += (size_t)n;
	}
}

static void
lose_all(struct file *f)
{
	for (struct op *op = f->first; op; op = op->next)
		if (op->safe)
			replay(f, op);
	put_back(f);
}

/* A truncate is lost only with all that came after it. */
static void
lose_some(struct file *f)
{
	static const unsigned percents[] = { 0, 50, 50, 90, 100 };
	unsigned percent = percents[toss() % 5];
	size_t count = 0, cut, i = 0;

	for (struct op *op = f->first; op; op = op->next)
		count++;
	cut = toss() % (count + 1);
	for (struct op *op = f->first; op; op = op->next, i++) {
		if (op->safe || (op->truncate && i < cut))
			replay(f, op);
		else if (i < cut)
			replay_some(f, op, percent);
	}
	put_back(f);
}

void
disk_lose(void)
{
	const char *how = chance_setting("FAULT_LOSE");
	bool bytes, all_names, some;

	if (!how || strcmp(how, "none") == 0)
		return;
	chaos = strtoull(how, NULL, 10) * 0x9e3779b97f4a7c15u;
	some = chaos != 0;
	bytes = some || strcmp(how, "all") == 0 || strcmp(how, "bytes") == 0;
	all_names = strcmp(how, "all") == 0 || strcmp(how, "names") == 0;
	for (size_t i = 0; i < file_count && bytes; i++) {
		if (!files[i].first && !files[i].spoiled)
			continue;
		if (some)
			lose_some(&files[i]);
		else
			lose_all(&files[i]);
	}
	if (some)
		names_lose(toss);
	else if (all_names)
		names_lose(NULL);
}
