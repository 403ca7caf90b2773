/* SPDX-License-Identifier: MIT */
#include "audit_read.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "xalloc.h"

#define LINE_CAP ((size_t)16 * LIMIT_LINE) /* values stand in it twice */

bool
audit_contains(struct span text, struct span bytes)
{
	const char *p = text.ptr, *end = text.ptr + text.len;

	if (!bytes.len)
		return true;
	while ((size_t)(end - p) >= bytes.len) {
		p = memchr(p, bytes.ptr[0], (size_t)(end - p) - bytes.len + 1);
		if (!p)
			return false;
		if (memcmp(p, bytes.ptr, bytes.len) == 0)
			return true;
		p++;
	}
	return false;
}

/* ---- which files ---- */

static int
by_day(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void
add_day(struct audit_reader *r, const char *name)
{
	r->days = xrealloc(r->days, (r->day_count + 1) * sizeof *r->days);
	memcpy(r->days[r->day_count], name, AUDIT_DAY);
	r->days[r->day_count++][AUDIT_DAY] = '\0';
}

static enum rc
list_days(struct audit_reader *r, const char *since, struct err *e)
{
	char path[AUDIT_PATH];
	struct dirent *entry;
	DIR *d = audit_path(path, "") ? opendir(path) : NULL;

	if (!d)
		return errno == ENOENT ? RC_OK : err_errno(e, RC_SYSTEM,
		    "audit: %s", path);
	for (entry = readdir(d); entry; entry = readdir(d))
		if (audit_is_file(entry->d_name) &&
		    strncmp(entry->d_name, since, AUDIT_DAY) >= 0)
			add_day(r, entry->d_name);
	closedir(d);
	if (r->day_count)
		qsort(r->days, r->day_count, sizeof *r->days, by_day);
	return RC_OK;
}

/* ---- the lines of one file ---- */

static enum rc
open_file(struct audit_reader *r, struct err *e)
{
	char path[AUDIT_PATH];

	if (!audit_path(path, r->days[r->day_at]))
		return err_set(e, RC_CONFIG, "the path of the home is too "
		    "long");
	r->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (r->fd < 0)
		return err_errno(e, RC_SYSTEM, "audit: %s", path);
	buf_reset(&r->buf);
	r->start = 0;
	r->offset = r->line = 0;
	r->eof = false;
	return RC_OK;
}

/* More of the file behind what is there; what was handed out goes. */
static enum rc
fill(struct audit_reader *r, struct err *e)
{
	ssize_t n;

	if (r->start) {
		memmove(r->buf.ptr, r->buf.ptr + r->start, r->buf.len -
		    r->start);
		r->buf.len -= r->start;
		r->start = 0;
	}
	if (!buf_reserve(&r->buf, READ_BLOCK))
		return err_set(e, RC_STATE, "audit/%s.ndjson: line %llu is "
		    "longer than any of an audit", r->days[r->day_at],
		    (unsigned long long)r->line + 1);
	do
		n = read(r->fd, r->buf.ptr + r->buf.len, READ_BLOCK);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return err_errno(e, RC_SYSTEM, "audit: reading");
	r->buf.len += (size_t)n;
	r->eof = n == 0;
	return RC_OK;
}

static enum rc
file_line(struct audit_reader *r, struct audit_entry *entry, struct err *e)
{
	const char *from, *lf = NULL;
	size_t seen = 0, left;

	for (;;) {
		from = r->buf.ptr + r->start;
		left = r->buf.len - r->start;
		if (left > seen)
			lf = memchr(from + seen, '\n', left - seen);
		if (lf || r->eof)
			break;
		seen = left;
		if (fill(r, e))
			return RC_STATE;
	}
	if (!left)
		return RC_END;
	*entry = (struct audit_entry){ .line = ++r->line, .cut = !lf,
		.offset = r->offset };
	entry->text = span_of(from, lf ? (size_t)(lf - from) : left);
	memcpy(entry->day, r->days[r->day_at], sizeof entry->day);
	r->start += entry->text.len + !entry->cut;
	r->offset += entry->text.len + !entry->cut;
	return RC_OK;
}

/* Nothing behind the end has come to pass. */
static bool
is_behind(const struct audit_reader *r, const struct audit_entry *entry)
{
	int c = strcmp(entry->day, r->end.day);

	return c > 0 || (c == 0 && entry->offset >= r->end.length);
}

static bool
is_void(const struct audit_reader *r, const struct audit_entry *entry)
{
	for (size_t i = 0; i < r->void_count; i++)
		if (strcmp(r->voids[i].day, entry->day) == 0 &&
		    entry->offset >= r->voids[i].from &&
		    entry->offset < r->voids[i].to)
			return true;
	return false;
}

static enum rc
any_line(struct audit_reader *r, struct audit_entry *entry, struct err *e)
{
	enum rc rc = RC_END;

	while (rc == RC_END) {
		if (r->fd < 0 && r->day_at == r->day_count)
			return RC_END;
		if (r->fd < 0) {
			rc = open_file(r, e);
			if (rc)
				return rc;
		}
		rc = file_line(r, entry, e);
		if (rc == RC_OK && is_behind(r, entry)) {
			r->behind += entry->text.len + !entry->cut;
			rc = RC_END;
			continue;
		}
		if (rc == RC_END) {
			close(r->fd);
			r->fd = -1;
			r->day_at++;
		}
	}
	return rc;
}

enum rc
audit_read_next(struct audit_reader *r, struct audit_entry *entry,
    struct err *e)
{
	enum rc rc;

	do
		rc = any_line(r, entry, e);
	while (rc == RC_OK && !r->voids_too && is_void(r, entry));
	return rc;
}

/* ---- what never came to pass ---- */

static void
add_void(struct audit_reader *r, const struct json *j, struct arena *a)
{
	struct span day = json_get_string(j, 0, SPAN("day"), a);
	struct audit_void v = { .from = (uint64_t)json_get_int(j, 0,
	    SPAN("from"), 0), .to = (uint64_t)json_get_int(j, 0, SPAN("to"),
	    0) };

	if (day.len != AUDIT_DAY)
		return;
	memcpy(v.day, day.ptr, AUDIT_DAY);
	r->voids = xrealloc(r->voids, (r->void_count + 1) *
	    sizeof *r->voids);
	r->voids[r->void_count++] = v;
}

static enum rc
find_voids(struct audit_reader *r, struct err *e)
{
	struct audit_entry entry;
	struct audit_claim c;
	struct arena a;
	struct json j;
	struct err ignored;
	enum rc rc;

	json_init(&j);
	arena_init(&a);
	for (rc = any_line(r, &entry, e); rc == RC_OK;
	    rc = any_line(r, &entry, e)) {
		if (!audit_contains(entry.text, SPAN("\"type\":\"void\"")) ||
		    audit_claim(&j, entry.text, &c, &ignored) ||
		    !span_eq(c.type, SPAN("void")))
			continue;
		add_void(r, &j, &a);
		arena_reset(&a);
	}
	json_free(&j);
	arena_free(&a);
	r->day_at = 0;
	r->behind = 0;
	return rc == RC_END ? RC_OK : rc;
}

enum rc
audit_read_open(struct audit_reader *r, const struct audit_place *end,
    const char *since, struct err *e)
{
	enum rc rc;

	*r = (struct audit_reader){ .end = *end, .fd = -1 };
	buf_init(&r->buf, LINE_CAP, "audit");
	rc = list_days(r, since, e);
	return rc ? rc : find_voids(r, e);
}

void
audit_read_close(struct audit_reader *r)
{
	if (r->fd >= 0)
		close(r->fd);
	r->fd = -1;
	buf_free(&r->buf);
	free(r->days);
	free(r->voids);
	r->days = NULL;
	r->voids = NULL;
}
