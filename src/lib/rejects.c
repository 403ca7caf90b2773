/* SPDX-License-Identifier: MIT */
#include "rejects.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base64.h"
#include "buf.h"
#include "clock.h"
#include "fault.h"
#include "home.h"
#include "json.h"
#include "limits.h"
#include "utf8.h"

#define PATH_CAP 4096
/* An input byte takes at most 6 in JSON; the rest is names and reason. */
#define REJECT_CAP (6 * LIMIT_REJECT_INPUT + (64u << 10))

static enum rc
open_file(struct run *r, const char *path, struct err *e)
{
	struct stat st;
	int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	enum rc rc;

	if (fd < 0)
		return err_errno(e, RC_SYSTEM, "rejects file %s", path);
	rc = fstat(fd, &st) < 0 ?
	    err_errno(e, RC_SYSTEM, "rejects file %s", path) :
	    S_ISREG(st.st_mode) && (st.st_mode & 077) ?
	    err_set(e, RC_CONFIG, "rejects file %s can be read by others: "
	    "chmod 600 it", path) : RC_OK;
	if (rc) {
		close(fd);
		return rc;
	}
	r->rejects_fd = fd;
	return RC_OK;
}

static enum rc
open_in_home(struct run *r, struct err *e)
{
	char path[PATH_CAP];
	int n;

	if (!home_exists())
		return RC_END;
	snprintf(path, sizeof path, "%s/rejects", home_path());
	if (mkdir(path, 0700) < 0 && errno != EEXIST)
		return err_errno(e, RC_SYSTEM, "directory %s", path);
	n = snprintf(path, sizeof path, "%s/rejects/%s.ndjson", home_path(),
	    clock_run_id());
	if (n < 0 || (size_t)n >= sizeof path)
		return err_set(e, RC_CONFIG, "the path of the home is too "
		    "long");
	return open_file(r, path, e);
}

static void
put_input(struct buf *b, struct span input)
{
	bool cut = input.len > LIMIT_REJECT_INPUT;
	struct json json;
	struct err ignored;

	if (cut)
		input.len = LIMIT_REJECT_INPUT;
	json_init(&json);
	if (!cut && input.len && json_parse(&json, input, &ignored) == RC_OK) {
		json_put_key(b, SPAN("input"));
		buf_span(b, input);
	} else if (utf8_valid(input) == input.len) {
		json_put_key(b, SPAN("input"));
		json_put_string(b, input);
	} else {
		json_put_key(b, SPAN("input_base64"));
		buf_putc(b, '"');
		base64_put(b, input);
		buf_putc(b, '"');
	}
	if (cut)
		BUF_LIT(b, ",\"cut\":true");
	json_free(&json);
}

static void
put_text(struct buf *b, const char *name, struct span value)
{
	if (!value.len || utf8_valid(value) != value.len)
		return;
	json_put_key(b, span_str(name));
	json_put_string(b, value);
}

static void
put_reject(struct buf *b, const struct run *r, const struct where *w,
    const struct err *why, struct span input)
{
	struct span reason = span_str(why->text);

	reason.len = utf8_valid(reason);
	BUF_LIT(b, "{\"type\":\"reject\"");
	put_text(b, "stage", span_str(r->program->name));
	if (w->line)
		buf_printf(b, ",\"line\":%llu", (unsigned long long)w->line);
	put_text(b, "system", w->system);
	put_text(b, "object", w->object);
	put_text(b, "id", w->id);
	put_text(b, "reason", reason);
	put_input(b, input);
	BUF_LIT(b, "}\n");
}

/* In one piece as far as that goes: other stages append there too. */
static enum rc
append(int fd, struct span s, struct err *e)
{
	while (s.len) {
		ssize_t n = write(fd, s.ptr, s.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(e, RC_SYSTEM, "rejects file");
		s.ptr += n;
		s.len -= (size_t)n;
	}
	return RC_OK;
}

enum rc
rejects_add(struct run *r, const struct where *w, const struct err *why,
    struct span input, struct err *e)
{
	enum rc rc = RC_OK;
	struct buf b;

	if (r->rejects_fd < 0)
		rc = r->rejects_path ? open_file(r, r->rejects_path, e) :
		    open_in_home(r, e);
	if (rc)
		return rc;
	buf_init(&b, REJECT_CAP, "reject");
	put_reject(&b, r, w, why, input);
	fault_step("write a reject");
	rc = append(r->rejects_fd, buf_view(&b), e);
	buf_free(&b);
	return rc;
}
