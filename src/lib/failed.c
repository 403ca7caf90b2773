/* SPDX-License-Identifier: MIT */
#include "failed.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clock.h"
#include "home.h"
#include "json.h"
#include "ran.h"

#define PATH_CAP 4096
#define LINE_CAP 4096
#define FILE_MOST (256 << 10)

static bool
path_of(char path[PATH_CAP], const char *name)
{
	int n = snprintf(path, PATH_CAP, "%s/%s", home_path(), name);

	return n > 0 && n < PATH_CAP;
}

/* Examples name records; they are on stderr, not kept here. */
static struct span
without_examples(const char *text)
{
	const char *such = strstr(text, "; such as ");

	return such ? span_of(text, (size_t)(such - text)) : span_str(text);
}

static void
put_line(struct buf *b, const struct run *r, struct span system)
{
	ran_begin(b, r->began, run_status(r));
	json_put_text(b, "run", span_str(clock_run_id()));
	json_put_text(b, "program", span_str(r->program->name));
	json_put_member(b, "system", system);
	json_put_member(b, "error", without_examples(r->failure.text));
	BUF_LIT(b, "}\n");
}

/* One write: lines of two programs do not mix. */
static void
append(const char *path, struct span line)
{
	int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	char before[PATH_CAP];
	struct stat st;

	if (fd < 0)
		return;
	if (write(fd, line.ptr, line.len) == (ssize_t)line.len &&
	    fstat(fd, &st) == 0 && st.st_size > FILE_MOST &&
	    path_of(before, "failed.ndjson.1"))
		(void)rename(path, before);
	close(fd);
}

void
failed_note(const struct run *r, struct span system)
{
	char room[LINE_CAP], path[PATH_CAP];
	struct buf line = { .ptr = room, .room = sizeof room,
		.cap = sizeof room, .what = "line" };
	struct err ignored;

	if (run_status(r) < 2 || home_look(&ignored) != RC_OK)
		return;
	put_line(&line, r, system);
	if (!line.over && path_of(path, "failed.ndjson"))
		append(path, buf_view(&line));
}

static enum rc
read_file(const char *name, struct buf *b, struct err *e)
{
	char path[PATH_CAP];
	ssize_t n;
	int fd;

	if (!path_of(path, name))
		return RC_OK;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? RC_OK : err_errno(e,
		    err_of_file(errno), "%s", path);
	do {
		if (!buf_reserve(b, LINE_CAP))
			break;
		n = read(fd, b->ptr + b->len, LINE_CAP);
		if (n > 0)
			b->len += (size_t)n;
	} while (n > 0 || (n < 0 && errno == EINTR));
	close(fd);
	return RC_OK;
}

enum rc
failed_read(struct buf *b, struct err *e)
{
	enum rc rc = read_file("failed.ndjson.1", b, e);

	return rc ? rc : read_file("failed.ndjson", b, e);
}
