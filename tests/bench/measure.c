/* SPDX-License-Identifier: MIT */
/*
 * measure: runs a command and says what it took.  A small program of its own,
 * because a child's peak memory is never less than that of what it was forked
 * from.
 *
 * usage: measure COMMAND... 3>figures
 *
 * Prints to file descriptor 3: CPU seconds, elapsed seconds, peak kilobytes,
 * exit status (128 + signal).
 */
#define _DEFAULT_SOURCE
#include <stdio.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double
seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

int
main(int argc, char **argv)
{
	struct timespec from, to;
	struct rusage used;
	int status;
	pid_t pid;

	if (argc < 2)
		return 2;
	clock_gettime(CLOCK_MONOTONIC, &from);
	pid = fork();
	if (pid == 0) {
		close(3);
		execvp(argv[1], argv + 1);
		_exit(127);
	}
	if (pid < 0 || wait4(pid, &status, 0, &used) != pid)
		return 3;
	clock_gettime(CLOCK_MONOTONIC, &to);
	dprintf(3, "%.6f %.6f %ld %d\n",
	    seconds(used.ru_utime) + seconds(used.ru_stime),
	    (double)(to.tv_sec - from.tv_sec) +
	    (double)(to.tv_nsec - from.tv_nsec) / 1e9, used.ru_maxrss,
	    WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
	return 0;
}
