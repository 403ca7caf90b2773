/* SPDX-License-Identifier: MIT */
#include "audit_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "directory.h"
#include "fault.h"
#include "home.h"

#define SUFFIX ".ndjson"

bool
audit_path(char path[AUDIT_PATH], const char *day)
{
	int n = snprintf(path, AUDIT_PATH, "%s/audit%s%s%s", home_path(),
	    *day ? "/" : "", day, *day ? SUFFIX : "");

	return n > 0 && n < AUDIT_PATH;
}

bool
audit_is_file(const char *name)
{
	if (strlen(name) != AUDIT_DAY + sizeof SUFFIX - 1 ||
	    strcmp(name + AUDIT_DAY, SUFFIX) != 0)
		return false;
	for (size_t i = 0; i < AUDIT_DAY; i++)
		if (i == 4 || i == 7 ? name[i] != '-' : name[i] < '0' ||
		    name[i] > '9')
			return false;
	return true;
}

void
audit_file_init(struct audit_file *f)
{
	*f = (struct audit_file){ .fd = -1 };
}

void
audit_file_close(struct audit_file *f)
{
	if (f->fd >= 0)
		close(f->fd);
	audit_file_init(f);
}

static enum rc
make_file(struct audit_file *f, const char *path, struct err *e)
{
	char dir[AUDIT_PATH];

	if (!audit_path(dir, ""))
		return err_set(e, RC_CONFIG, "the path of the home is too "
		    "long");
	fault_step("make a file of the audit");
	if (mkdir(dir, 0700) < 0 && errno != EEXIST)
		return err_errno(e, RC_SYSTEM, "audit: %s", dir);
	f->fd = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	if (f->fd < 0)
		return err_errno(e, RC_SYSTEM, "audit: %s", path);
	return RC_OK;
}

static enum rc
open_day(struct audit_file *f, const char *day, struct err *e)
{
	char path[AUDIT_PATH];

	audit_file_close(f);
	if (!audit_path(path, day))
		return err_set(e, RC_CONFIG, "the path of the home is too "
		    "long");
	f->fd = open(path, O_RDWR | O_APPEND | O_CLOEXEC);
	if (f->fd >= 0) {
		memcpy(f->day, day, sizeof f->day);
		return RC_OK;
	}
	if (errno != ENOENT)
		return err_errno(e, RC_SYSTEM, "audit: %s", path);
	memcpy(f->day, day, sizeof f->day);
	return make_file(f, path, e);
}

/* Before anything is in it: its name, and that of the directory, last. */
static enum rc
sync_names(const char *day, struct err *e)
{
	char path[AUDIT_PATH];
	enum rc rc = RC_OK;

	if (audit_path(path, day))
		rc = directory_sync_of(path, e);
	if (!rc && audit_path(path, ""))
		rc = directory_sync_of(path, e);
	return rc;
}

enum rc
audit_file_open(struct audit_file *f, const char *day, struct err *e)
{
	enum rc rc = RC_OK;
	struct stat st;
	char last = '\n';

	if (f->fd < 0 || strcmp(f->day, day) != 0)
		rc = open_day(f, day, e);
	if (rc)
		return rc;
	if (fstat(f->fd, &st) < 0)
		return err_errno(e, RC_SYSTEM, "audit: %s", day);
	f->size = (uint64_t)st.st_size;
	if (f->size && pread(f->fd, &last, 1, st.st_size - 1) != 1)
		return err_errno(e, RC_SYSTEM, "audit: %s", day);
	f->cut = last != '\n';
	return f->size ? RC_OK : sync_names(day, e);
}

enum rc
audit_file_append(struct audit_file *f, struct span text, struct err *e)
{
	fault_step("append to the audit");
	while (text.len) {
		ssize_t n = write(f->fd, text.ptr, text.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(e, RC_SYSTEM, "audit: writing");
		f->size += (uint64_t)n;
		text = span_of(text.ptr + n, text.len - (size_t)n);
	}
	fault_step("sync the audit");
	if (fdatasync(f->fd) < 0)
		return err_errno(e, RC_SYSTEM, "audit: syncing");
	return RC_OK;
}

static void
one_stray(const struct audit_place *end, const char *day,
    audit_file_stray *each, void *arg)
{
	char path[AUDIT_PATH];
	struct stat st;
	uint64_t from = strcmp(day, end->day) == 0 ? end->length : 0;

	if (audit_path(path, day) && stat(path, &st) == 0 &&
	    (uint64_t)st.st_size > from)
		each(arg, day, from, (uint64_t)st.st_size);
}

enum rc
audit_file_strays(const struct audit_place *end, const char *but,
    audit_file_stray *each, void *arg, struct err *e)
{
	char path[AUDIT_PATH], day[AUDIT_DAY + 1] = "";
	struct dirent *entry;
	DIR *d;

	if (!audit_path(path, ""))
		return RC_OK;
	d = opendir(path);
	if (!d)
		return errno == ENOENT ? RC_OK : err_errno(e, RC_SYSTEM,
		    "audit: %s", path);
	for (entry = readdir(d); entry; entry = readdir(d)) {
		if (!audit_is_file(entry->d_name))
			continue;
		memcpy(day, entry->d_name, AUDIT_DAY);
		if (strcmp(day, end->day) >= 0 && strcmp(day, but) != 0)
			one_stray(end, day, each, arg);
	}
	closedir(d);
	return RC_OK;
}
