/* SPDX-License-Identifier: MIT */
#include "command.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../lib/buf.h"
#include "../lib/clock.h"
#include "../lib/limits.h"
#include "../lib/run.h"
#include "../lib/xalloc.h"

#define GRACE_MS 2000   /* to end in once it has no more input */
#define NOT_RUN 127     /* the status of a child that could not be one */
#define FILES_MOST 1024 /* descriptors a child must not have */

struct command {
	char **argv;       /* owned, NULL-terminated */
	int64_t timeout;
	pid_t pid;         /* 0: not running */
	int in, out;       /* its stdin and stdout; -1 */
	bool over;
	struct err why;    /* once it is over */
	struct buf line;   /* what it has written */
	int64_t deadline;
};

extern char **environ;

struct command *
command_new(const struct span *argv, size_t n, int64_t timeout_ms)
{
	struct command *c = xcalloc(1, sizeof *c);

	c->argv = xcalloc(n + 1, sizeof *c->argv);
	for (size_t i = 0; i < n; i++)
		c->argv[i] = xstrndup(argv[i].ptr, argv[i].len);
	c->timeout = timeout_ms;
	c->in = c->out = -1;
	buf_init(&c->line, LIMIT_LINE, "answer");
	return c;
}

bool
command_is_over(const struct command *c)
{
	return c->over;
}

/* ---- the child ---- */

static void
drop_tokens(void)
{
	static const char token[] = "CRM_TOKEN";
	char **to = environ;

	for (char **at = environ; *at; at++)
		if (strncmp(*at, token, sizeof token - 1) != 0)
			*to++ = *at;
	*to = NULL;
}

static void
become(const struct command *c, int in, int out)
{
	if (dup2(in, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0)
		_exit(NOT_RUN);
	for (int fd = STDERR_FILENO + 1; fd < FILES_MOST; fd++)
		close(fd);
	signal(SIGPIPE, SIG_DFL);
	drop_tokens();
	execvp(c->argv[0], c->argv);
	_exit(NOT_RUN);
}

static void
close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* Ours do not block: a child may write before it has read all. */
static enum rc
start(struct command *c, struct err *e)
{
	int in[2] = { -1, -1 }, out[2] = { -1, -1 };
	enum rc rc = RC_OK;

	if (pipe(in) != 0 || pipe(out) != 0)
		rc = err_errno(e, RC_SYSTEM, "%s: pipe", c->argv[0]);
	if (!rc)
		c->pid = fork();
	if (!rc && c->pid == 0)
		become(c, in[0], out[1]);
	if (!rc && c->pid < 0)
		rc = err_errno(e, RC_SYSTEM, "%s: fork", c->argv[0]);
	c->pid = rc ? 0 : c->pid;
	c->in = in[1];
	c->out = out[0];
	close_fd(&in[0]);
	close_fd(&out[1]);
	if (!rc && (fcntl(c->in, F_SETFL, O_NONBLOCK) < 0 ||
	    fcntl(c->out, F_SETFL, O_NONBLOCK) < 0 ||
	    fcntl(c->in, F_SETFD, FD_CLOEXEC) < 0 ||
	    fcntl(c->out, F_SETFD, FD_CLOEXEC) < 0))
		rc = err_errno(e, RC_SYSTEM, "%s: fcntl", c->argv[0]);
	return rc;
}

/* ---- its end ---- */

static void
nap(void)
{
	struct timespec ts = { .tv_nsec = 1000000 };

	nanosleep(&ts, NULL);
}

/* Its wait status; killed if it has not ended by then. */
static int
reap(struct command *c, int64_t grace)
{
	int64_t until = clock_monotonic() + grace;
	int status = 0;
	pid_t got;

	close_fd(&c->in);
	close_fd(&c->out);
	for (;;) {
		got = waitpid(c->pid, &status, WNOHANG);
		if (got != 0 && !(got < 0 && errno == EINTR))
			break;
		if (clock_monotonic() >= until)
			kill(c->pid, SIGKILL);
		nap();
	}
	c->pid = 0;
	return status;
}

/* No further questions; `what` says why, if its end does not. */
static enum rc
give_up(struct command *c, int64_t grace, const char *what, struct err *e)
{
	int status = c->pid ? reap(c, grace) : 0;
	enum rc rc;

	c->over = true;
	if (what)
		rc = err_set(&c->why, RC_RECORD, "%s %s", c->argv[0], what);
	else if (WIFSIGNALED(status))
		rc = err_set(&c->why, RC_RECORD, "%s was ended by signal %d",
		    c->argv[0], WTERMSIG(status));
	else if (WEXITSTATUS(status) == NOT_RUN)
		rc = err_set(&c->why, RC_RECORD, "%s cannot be run",
		    c->argv[0]);
	else
		rc = err_set(&c->why, RC_RECORD, "%s ended with exit status %d",
		    c->argv[0], WEXITSTATUS(status));
	*e = c->why;
	return rc;
}

enum rc
command_refuse(struct command *c, const char *what, struct err *e)
{
	return give_up(c, 0, what, e);
}

void
command_free(struct command *c)
{
	if (!c)
		return;
	if (c->pid)
		(void)reap(c, GRACE_MS);
	for (char **arg = c->argv; *arg; arg++)
		free(*arg);
	free(c->argv);
	buf_free(&c->line);
	free(c);
}

/* ---- a question ---- */

/* Waits until something can be done; RC_RECORD when that is too late. */
static enum rc
wait_for(struct command *c, bool writes, bool *readable, bool *writable,
    struct err *e)
{
	struct pollfd p[2] = { { .fd = c->out, .events = POLLIN },
		{ .fd = writes ? c->in : -1, .events = POLLOUT } };
	int64_t left = c->deadline - clock_monotonic();
	int n = left > 0 ? poll(p, 2, (int)left) : 0;

	*readable = n > 0 && p[0].revents;
	*writable = n > 0 && p[1].revents;
	if (run_stopping())
		return err_set(e, RC_SYSTEM, "stopped while %s was asked",
		    c->argv[0]);
	if (n < 0 && errno != EINTR)
		return err_errno(e, RC_SYSTEM, "%s: poll", c->argv[0]);
	if (n == 0)
		return give_up(c, 0, "gave no answer in time", e);
	return RC_OK;
}

static enum rc
write_some(struct command *c, struct span *rest, struct err *e)
{
	ssize_t n = write(c->in, rest->ptr, rest->len);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return RC_OK;
	if (n < 0)
		return give_up(c, GRACE_MS, NULL, e);
	*rest = span_of(rest->ptr + n, rest->len - (size_t)n);
	return RC_OK;
}

static enum rc
read_some(struct command *c, struct err *e)
{
	char block[65536];
	ssize_t n = read(c->out, block, sizeof block);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return RC_OK;
	if (n <= 0)
		return give_up(c, GRACE_MS, NULL, e);
	buf_put(&c->line, block, (size_t)n);
	return c->line.over ? give_up(c, 0, "gave too long an answer", e) :
	    RC_OK;
}

/* One whole line, and nothing behind it. */
static enum rc
take_answer(struct command *c, struct span *answer, struct err *e)
{
	const char *end = c->line.len ? memchr(c->line.ptr, '\n',
	    c->line.len) : NULL;

	if (!end)
		return RC_END;
	*answer = span_of(c->line.ptr, (size_t)(end - c->line.ptr));
	if (answer->len + 1 != c->line.len)
		return give_up(c, 0, "gave more than one line", e);
	return RC_OK;
}

static enum rc
converse(struct command *c, struct span rest, struct span *answer,
    struct err *e)
{
	bool readable, writable;
	enum rc rc = RC_END;

	while (rc == RC_END) {
		rc = wait_for(c, rest.len > 0, &readable, &writable, e);
		if (!rc && writable)
			rc = write_some(c, &rest, e);
		if (!rc && readable)
			rc = read_some(c, e);
		if (!rc)
			rc = take_answer(c, answer, e);
	}
	if (!rc && rest.len)
		return give_up(c, 0, "answered before it was asked", e);
	return rc;
}

enum rc
command_ask(struct command *c, struct span line, struct span *answer,
    struct err *e)
{
	struct buf text;
	enum rc rc = RC_OK;

	if (c->over) {
		*e = c->why;
		return RC_RECORD;
	}
	if (!c->pid)
		rc = start(c, e);
	buf_init(&text, LIMIT_LINE + 1u, "question");
	buf_span(&text, line);
	buf_putc(&text, '\n');
	buf_reset(&c->line);
	c->deadline = clock_monotonic() + c->timeout;
	if (!rc)
		rc = buf_check(&text, e);
	if (!rc)
		rc = converse(c, buf_view(&text), answer, e);
	buf_free(&text);
	return rc;
}
