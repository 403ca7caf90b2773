/* SPDX-License-Identifier: MIT */
/* credentials: a token some other program keeps. */
#include "credentials.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "limits.h"
#include "secret.h"

#define PATIENCE 30000 /* ms it may take */
#define PAUSE 10       /* ms between looks at whether it has ended */

/* Its errors are ours to see, its input is nothing. */
static void
become(const char *const *argv, int out)
{
	int null = open("/dev/null", O_RDONLY);

	setpgid(0, 0);
	if (null < 0 || dup2(null, STDIN_FILENO) < 0 ||
	    dup2(out, STDOUT_FILENO) < 0)
		_exit(126);
	execvp(argv[0], (char *const *)(uintptr_t)argv);
	_exit(127);
}

/* Reads until it closes its output, or time is up: false. */
static bool
listen_to(int fd, struct buf *out, int64_t until)
{
	char bytes[512];
	ssize_t n;

	for (;;) {
		struct pollfd p = { .fd = fd, .events = POLLIN };
		int64_t left = until - clock_monotonic();

		if (left <= 0)
			return false;
		if (poll(&p, 1, (int)left) <= 0)
			continue;
		n = read(fd, bytes, sizeof bytes);
		if (n > 0)
			buf_put(out, bytes, (size_t)n);
		secret_wipe(span_of(bytes, sizeof bytes));
		if (n == 0 || (n < 0 && errno != EINTR))
			return n == 0;
	}
}

/* Its status, or -1: it had to be ended. */
static int
wait_for(pid_t child, int64_t until)
{
	struct timespec pause = { 0, PAUSE * 1000000L };
	int status = 0;

	while (waitpid(child, &status, WNOHANG) == 0) {
		if (clock_monotonic() > until) {
			kill(-child, SIGKILL);
			kill(child, SIGKILL);
			while (waitpid(child, &status, 0) < 0 &&
			    errno == EINTR)
				;
			return -1;
		}
		nanosleep(&pause, NULL);
	}
	return status;
}

static enum rc
first_line(struct buf *token, const struct buf *all, struct err *e)
{
	const char *end = all->len ? memchr(all->ptr, '\n', all->len) : NULL;
	size_t len = end ? (size_t)(end - all->ptr) : all->len;

	if (len && all->ptr[len - 1] == '\r')
		len--;
	for (size_t i = 0; i < len; i++)
		if (all->ptr[i] <= ' ' || all->ptr[i] > '~')
			len = 0;
	if (!len || all->over)
		return err_set(e, RC_CONFIG, "token_command: its first line "
		    "is no token");
	buf_put(token, all->ptr, len);
	return RC_OK;
}

static enum rc
judge(int status, const char *name, struct err *e)
{
	if (status == -1)
		return err_set(e, RC_REMOTE, "token_command: %s took over "
		    "%d s", name, PATIENCE / 1000);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
		return err_set(e, RC_CONFIG, "token_command: %s is not there",
		    name);
	if (status)
		return err_set(e, RC_REMOTE, "token_command: %s ended with "
		    "status %d", name, WIFEXITED(status) ?
		    WEXITSTATUS(status) : 128 + WTERMSIG(status));
	return RC_OK;
}

enum rc
credentials_command(const struct system *s, struct buf *token, struct err *e)
{
	int64_t until = clock_monotonic() + PATIENCE;
	struct buf all;
	int ends[2];
	pid_t child;
	enum rc rc;

	if (pipe(ends) != 0)
		return err_errno(e, RC_SYSTEM, "pipe");
	fcntl(ends[0], F_SETFD, FD_CLOEXEC);
	fcntl(ends[1], F_SETFD, FD_CLOEXEC);
	child = fork();
	if (child == 0)
		become(s->token_command, ends[1]);
	close(ends[1]);
	if (child < 0) {
		close(ends[0]);
		return err_errno(e, RC_SYSTEM, "token_command");
	}
	secret_init(&all, LIMIT_SECRET, "token");
	if (!listen_to(ends[0], &all, until))
		until = 0;
	rc = judge(wait_for(child, until), s->token_command[0], e);
	if (!rc)
		rc = first_line(token, &all, e);
	secret_free(&all);
	close(ends[0]);
	return rc;
}
