/* SPDX-License-Identifier: MIT */
#include "filestore_scan.h"

#include <errno.h>
#include <unistd.h>

#include "limits.h"

#define FIRST_GUESS 4096

void
filestore_scan_open(struct filestore_scan *s, int fd, size_t most)
{
	memset(s, 0, sizeof *s);
	s->fd = fd;
	s->most = most;
	buf_init(&s->buf, most + 2 * (size_t)READ_BLOCK, "line");
}

void
filestore_scan_free(struct filestore_scan *s)
{
	buf_free(&s->buf);
}

static ssize_t
read_at(int fd, char *ptr, size_t len, uint64_t offset)
{
	ssize_t n;

	do
		n = pread(fd, ptr, len, (off_t)offset);
	while (n < 0 && errno == EINTR);
	return n;
}

/* Moves what is left to the front and reads on. */
static enum rc
fill(struct filestore_scan *s, struct err *e)
{
	ssize_t n;

	if (s->start) {
		s->buf.len -= s->start;
		memmove(s->buf.ptr, s->buf.ptr + s->start, s->buf.len);
		s->start = 0;
	}
	if (!buf_reserve(&s->buf, READ_BLOCK))
		return buf_check(&s->buf, e);
	n = read_at(s->fd, s->buf.ptr + s->buf.len, READ_BLOCK, s->read);
	if (n < 0)
		return err_errno(e, RC_SYSTEM, "read");
	s->eof = n == 0;
	s->buf.len += (size_t)n;
	s->read += (uint64_t)n;
	return RC_OK;
}

/* Hands out `len` bytes as a line and steps over them and the LF. */
static void
give(struct filestore_scan *s, size_t len, bool ended, struct span *line)
{
	*line = span_of(s->buf.ptr + s->start, len);
	s->ended = ended;
	s->at = s->offset;
	s->lines++;
	s->start += len + ended;
	s->offset += len + ended;
}

/* Steps over the rest of a line that is too long; keeps its beginning. */
static enum rc
skip(struct filestore_scan *s, size_t kept, struct span *line, struct err *e)
{
	const char *lf = NULL;
	enum rc rc;

	s->at = s->offset;
	s->lines++;
	for (;;) {
		if (s->buf.len > kept)
			lf = memchr(s->buf.ptr + kept, '\n',
			    s->buf.len - kept);
		if (lf || s->eof)
			break;
		s->buf.len = kept;
		rc = fill(s, e);
		if (rc)
			return rc;
	}
	s->ended = lf != NULL;
	s->start = lf ? (size_t)(lf + 1 - s->buf.ptr) : s->buf.len;
	s->offset = s->read - (s->buf.len - s->start);
	*line = span_of(s->buf.ptr, kept);
	return err_set(e, RC_RECORD, "the line is longer than %zu bytes",
	    s->most);
}

enum rc
filestore_scan_next(struct filestore_scan *s, struct span *line,
    struct err *e)
{
	size_t seen = 0, left;
	const char *lf;
	enum rc rc;

	for (;;) {
		left = s->buf.len - s->start;
		lf = left == seen ? NULL : memchr(s->buf.ptr + s->start + seen,
		    '\n', left - seen);
		if (lf) {
			give(s, (size_t)(lf - s->buf.ptr) - s->start, true,
			    line);
			return RC_OK;
		}
		if (s->eof && left == 0)
			return RC_END;
		if (s->eof) {
			give(s, left, false, line);
			return RC_OK;
		}
		seen = left;
		rc = fill(s, e);
		if (rc)
			return rc;
		if (seen > s->most)
			return skip(s, seen, line, e);
	}
}

enum rc
filestore_scan_line(int fd, uint64_t offset, struct buf *b, struct span *line,
    struct err *e)
{
	size_t want = FIRST_GUESS, seen;
	const char *lf = NULL;
	ssize_t n;

	buf_reset(b);
	do {
		if (!buf_reserve(b, want))
			return buf_check(b, e);
		n = read_at(fd, b->ptr + b->len, want, offset + b->len);
		if (n < 0)
			return err_errno(e, RC_SYSTEM, "read");
		seen = b->len;
		b->len += (size_t)n;
		if (n > 0)
			lf = memchr(b->ptr + seen, '\n', (size_t)n);
		want = b->len < READ_BLOCK ? b->len : READ_BLOCK;
	} while (!lf && n > 0);
	if (b->len == 0)
		return err_set(e, RC_STATE, "no line at byte %llu",
		    (unsigned long long)offset);
	*line = span_of(b->ptr, lf ? (size_t)(lf - b->ptr) : b->len);
	return RC_OK;
}

bool
filestore_scan_blank(struct span line)
{
	size_t i;

	for (i = 0; i < line.len; i++)
		if (line.ptr[i] != ' ' && line.ptr[i] != '\t' &&
		    line.ptr[i] != '\r')
			return false;
	return true;
}
