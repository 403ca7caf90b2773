/* SPDX-License-Identifier: MIT */
#include "http_trace.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "buf.h"
#include "clock.h"
#include "http.h"
#include "http_mask.h"
#include "limits.h"
#include "xalloc.h"

struct http_trace {
	int fd;
	enum http_trace_bodies bodies;
	uint64_t number;
	struct buf entry;
};

static enum rc
check_file(int fd, const char *path, struct err *e)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return err_errno(e, RC_SYSTEM, "%s", path);
	if (!S_ISREG(st.st_mode) || st.st_uid != geteuid())
		return err_set(e, RC_CONFIG, "%s: a wire log is a plain file "
		    "of one's own", path);
	if (st.st_mode & 077)
		return err_set(e, RC_CONFIG, "%s: others may read it: chmod "
		    "600, or remove it", path);
	return RC_OK;
}

enum rc
http_trace_open(struct http_trace **out, const char *path,
    enum http_trace_bodies bodies, struct err *e)
{
	/* not waiting for a reader, should it be a pipe */
	int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW |
	    O_CLOEXEC | O_NONBLOCK, 0600);
	enum rc rc;

	*out = NULL;
	if (fd < 0)
		return err_errno(e, err_of_file(errno), "%s", path);
	rc = check_file(fd, path, e);
	if (rc) {
		close(fd);
		return rc;
	}
	*out = xcalloc(1, sizeof **out);
	(*out)->fd = fd;
	(*out)->bodies = bodies;
	buf_init(&(*out)->entry, LIMIT_TRACE, "entry of the wire log");
	return RC_OK;
}

void
http_trace_close(struct http_trace *t)
{
	if (!t)
		return;
	close(t->fd);
	buf_free(&t->entry);
	free(t);
}

static void
begin_line(struct http_trace *t, uint64_t number, const char *mark)
{
	clock_put(&t->entry, clock_now());
	buf_printf(&t->entry, " %ld.%" PRIu64 " %s ", (long)getpid(), number,
	    mark);
}

static void
end_line(struct http_trace *t)
{
	buf_putc(&t->entry, '\n');
}

/* A log that cannot be written must not end a sync. */
static void
flush(struct http_trace *t)
{
	ssize_t n;

	if (t->entry.over && t->entry.len)
		t->entry.ptr[t->entry.len - 1] = '\n';
	n = write(t->fd, t->entry.ptr, t->entry.len);
	(void)n;
	buf_reset(&t->entry);
}

static void
put_body(struct http_trace *t, uint64_t number, const char *mark,
    struct span body, struct span type)
{
	if (!body.len)
		return;
	begin_line(t, number, mark);
	http_mask_body(&t->entry, body, type, t->bodies == TRACE_MASKED);
	end_line(t);
}

uint64_t
http_trace_ask(struct http_trace *t, const struct http_trace_asked *asked)
{
	if (!t)
		return 0;
	t->number++;
	begin_line(t, t->number, ">");
	buf_printf(&t->entry, "%s ", asked->method);
	http_mask_url(&t->entry, asked->url, asked->secret);
	if (asked->body.len)
		buf_printf(&t->entry, ", %zu bytes", asked->body.len);
	end_line(t);
	if (t->bodies && !asked->secret)
		put_body(t, t->number, ">", asked->body, asked->type);
	flush(t);
	return t->number;
}

void
http_trace_line(struct http_trace *t, uint64_t number, struct span line)
{
	if (!t)
		return;
	begin_line(t, number, ">");
	http_mask_header(&t->entry, line);
	end_line(t);
	flush(t);
}

static void
put_headers(struct http_trace *t, uint64_t number, struct span lines)
{
	while (lines.len) {
		begin_line(t, number, "<");
		http_mask_header(&t->entry, span_cut(&lines, '\n'));
		end_line(t);
	}
}

void
http_trace_end(struct http_trace *t, uint64_t number,
    const struct http_answer *a, bool secret, const char *why)
{
	if (!t)
		return;
	begin_line(t, number, why ? "!" : "<");
	if (why)
		buf_printf(&t->entry, "%s after %lld ms: %s", a->outcome ==
		    HTTP_UNSENT ? "unsent" : "unknown", (long long)a->took,
		    why);
	else
		buf_printf(&t->entry, "%d in %lld ms, %zu bytes", a->status,
		    (long long)a->took, a->body.len);
	end_line(t);
	put_headers(t, number, buf_view(&a->headers));
	if (t->bodies && !secret)
		put_body(t, number, "<", buf_view(&a->body),
		    http_answer_header(a, SPAN("content-type")));
	flush(t);
}
