/* SPDX-License-Identifier: MIT */
/*
 * wipe: overwriting in place.  Nothing moves, so that whoever appends at the
 * same time is not disturbed and the chain's offsets stay.
 */
#include "wipe.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../lib/fault.h"
#include "../lib/home.h"
#include "../lib/json.h"

/* Where `mark` begins in the text, or its length. */
static size_t
find(struct span text, struct span mark)
{
	for (size_t i = 0; i + mark.len <= text.len; i++) {
		const char *p = memchr(text.ptr + i, mark.ptr[0], text.len -
		    mark.len - i + 1);

		if (!p)
			return text.len;
		i = (size_t)(p - text.ptr);
		if (memcmp(p, mark.ptr, mark.len) == 0)
			return i;
	}
	return text.len;
}

/* Does `"name":"value"` stand in it?  Quotes in strings are escaped. */
static bool
says(struct span text, const char *name, struct span value)
{
	struct buf b;
	bool found;

	buf_init(&b, LIMIT_LINE, "member");
	json_put_text(&b, name, value);
	found = !b.over && find(text, buf_view(&b)) < text.len;
	buf_free(&b);
	return found;
}

/* From `cut` on: nothing, in as many bytes. */
static enum rc
overwrite(struct wipe *w, int fd, uint64_t offset, struct span line,
    size_t cut, struct span with, struct err *e)
{
	struct buf b;
	size_t room = line.len - cut;
	enum rc rc = RC_OK;

	if (room <= with.len) /* it is wiped already, or was cut before */
		with.len = 0;
	buf_init(&b, SIZE_MAX, "line");
	buf_span(&b, with);
	while (b.len + 1 < room)
		buf_putc(&b, ' ');
	buf_putc(&b, with.len ? '}' : ' ');
	if (memcmp(b.ptr, line.ptr + cut, room) != 0) {
		fault_step("wipe a line");
		if (pwrite(fd, b.ptr, room, (off_t)(offset + cut)) !=
		    (ssize_t)room)
			rc = err_errno(e, RC_SYSTEM, "wiping a line");
		w->lines += !rc;
	}
	buf_free(&b);
	return rc;
}

/* ---- the audit ---- */

/*
 * Where what can be erased begins; what broke off is no line of the chain, and
 * all that may be values goes.
 */
static size_t
find_values(struct json *j, struct span text)
{
	struct audit_claim c;
	struct err ignored;
	size_t salt;

	if (audit_claim(j, text, &c, &ignored) == RC_OK)
		return c.cut;
	salt = find(text, SPAN(",\"salt\":"));
	return salt < text.len ? salt : find(text, SPAN(",\"values\":"));
}

static bool
is_about(const struct wipe *w, struct span text)
{
	for (size_t i = 0; i < w->uid_count; i++)
		if (says(text, "uid", w->uids[i]))
			return true;
	return false;
}

static enum rc
wipe_entry(struct wipe *w, int fd, const struct audit_entry *entry,
    struct json *j, struct err *e)
{
	struct span text = entry->text;
	size_t cut = is_about(w, text) ? find_values(j, text) : text.len;

	if (cut == text.len || !is_about(w, span_of(text.ptr, cut)))
		return RC_OK;
	return overwrite(w, fd, entry->offset, text, cut,
	    SPAN(",\"values\":null"), e);
}

static enum rc
sync_file(int fd, struct err *e)
{
	enum rc rc = RC_OK;

	fault_step("sync a wiped file");
	if (fd >= 0 && fdatasync(fd) < 0)
		rc = err_errno(e, RC_SYSTEM, "syncing a wiped file");
	if (fd >= 0)
		close(fd);
	return rc;
}

/* The lines of a day come one after the other. */
static enum rc
turn_to(int *fd, char *day, const struct audit_entry *entry, struct err *e)
{
	char path[AUDIT_PATH];
	enum rc rc = RC_OK;

	if (*fd >= 0 && strcmp(day, entry->day) == 0)
		return RC_OK;
	rc = sync_file(*fd, e);
	*fd = -1;
	if (rc || !audit_path(path, entry->day))
		return rc;
	memcpy(day, entry->day, AUDIT_DAY + 1);
	*fd = open(path, O_WRONLY | O_CLOEXEC);
	return *fd < 0 ? err_errno(e, RC_SYSTEM, "%s", path) : RC_OK;
}

enum rc
wipe_audit(struct wipe *w, const struct audit_place *end, struct err *e)
{
	struct audit_reader r;
	struct audit_entry entry;
	char day[AUDIT_DAY + 1] = "";
	struct err ignored;
	struct json j;
	int fd = -1;
	enum rc rc = audit_read_open(&r, end, "", e);

	json_init(&j);
	r.voids_too = true;
	while (!rc) {
		rc = audit_read_next(&r, &entry, e);
		if (!rc)
			rc = turn_to(&fd, day, &entry, e);
		if (!rc)
			rc = wipe_entry(w, fd, &entry, &j, e);
	}
	audit_read_close(&r);
	json_free(&j);
	if (rc != RC_END) {
		(void)!sync_file(fd, &ignored);
		return rc;
	}
	return sync_file(fd, e);
}

/* ---- rejects ---- */

/* What does not say where it is from is taken by its id alone. */
static bool
is_of(const struct source *s, struct span head)
{
	return says(head, "id", s->id) &&
	    (find(head, SPAN("\"system\":")) == head.len ||
	    says(head, "system", s->system));
}

static enum rc
wipe_reject(struct wipe *w, int fd, uint64_t offset, struct span line,
    struct err *e)
{
	size_t cut = find(line, SPAN(",\"input"));

	if (cut == line.len)
		return RC_OK;
	for (size_t i = 0; i < w->source_count; i++)
		if (is_of(&w->sources[i], span_of(line.ptr, cut)))
			return overwrite(w, fd, offset, line, cut,
			    SPAN(",\"input\":null"), e);
	return RC_OK;
}

static enum rc
read_whole(int fd, struct buf *text, struct err *e)
{
	ssize_t n = 1;

	while (n > 0) {
		if (!buf_reserve(text, READ_BLOCK))
			return err_set(e, RC_SYSTEM, "it is too long");
		n = pread(fd, text->ptr + text->len, READ_BLOCK,
		    (off_t)text->len);
		if (n > 0)
			text->len += (size_t)n;
	}
	return n < 0 ? err_errno(e, RC_SYSTEM, "reading") : RC_OK;
}

static enum rc
wipe_file(struct wipe *w, const char *path, struct err *e)
{
	struct buf text;
	size_t at = 0;
	int fd = open(path, O_RDWR | O_CLOEXEC);
	enum rc rc;

	if (fd < 0)
		return err_errno(e, RC_SYSTEM, "%s", path);
	buf_init(&text, SIZE_MAX, "rejects");
	rc = read_whole(fd, &text, e);
	while (!rc && at < text.len) {
		const char *from = text.ptr + at, *lf = memchr(from, '\n',
		    text.len - at);
		size_t len = lf ? (size_t)(lf - from) : text.len - at;

		rc = wipe_reject(w, fd, at, span_of(from, len), e);
		at += len + 1;
	}
	buf_free(&text);
	if (rc) {
		close(fd);
		return err_prefix(e, rc, "%s", path);
	}
	return sync_file(fd, e);
}

enum rc
wipe_rejects(struct wipe *w, struct err *e)
{
	char path[AUDIT_PATH];
	struct dirent *entry;
	enum rc rc = RC_OK;
	DIR *d;

	snprintf(path, sizeof path, "%s/rejects", home_path());
	d = opendir(path);
	if (!d)
		return errno == ENOENT ? RC_OK : err_errno(e, RC_SYSTEM, "%s",
		    path);
	for (entry = readdir(d); entry && !rc; entry = readdir(d)) {
		if (entry->d_name[0] == '.' || snprintf(path, sizeof path,
		    "%s/rejects/%s", home_path(), entry->d_name) >=
		    (int)sizeof path)
			continue;
		rc = wipe_file(w, path, e);
	}
	closedir(d);
	return rc;
}
