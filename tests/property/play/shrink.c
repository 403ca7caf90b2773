/* SPDX-License-Identifier: MIT */
#include "shrink.h"

#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "program.h"

#define HANGS_AFTER 20 /* s */

static void
say_crash(char why[PLAY_WHY], int status)
{
	snprintf(why, PLAY_WHY, "crash: %s %d: %.900s", WIFSIGNALED(status) ?
	    "signal" : "exit", WIFSIGNALED(status) ? WTERMSIG(status) :
	    WEXITSTATUS(status), program_said());
}

bool
shrink_play(const struct history *h, char why[PLAY_WHY], struct buf *script)
{
	int ends[2], status = 0;
	ssize_t n;
	pid_t pid;

	why[0] = '\0';
	if (pipe(ends) < 0)
		return true;
	pid = fork();
	if (pid == 0) {
		close(ends[0]);
		alarm(HANGS_AFTER);
		if (!play(h, why, script) && write(ends[1], why, PLAY_WHY) < 0)
			_exit(1);
		_exit(0);
	}
	close(ends[1]);
	n = read(ends[0], why, PLAY_WHY);
	close(ends[0]);
	waitpid(pid, &status, 0);
	if (status)
		say_crash(why, status);
	return status == 0 && n <= 0;
}

static bool
same_kind(const char *a, const char *b)
{
	size_t n = strcspn(a, ":");

	return n == strcspn(b, ":") && memcmp(a, b, n) == 0;
}

/* The first smaller one that fails alike; false when none does. */
static bool
smaller(struct history *h, char why[PLAY_WHY], time_t until)
{
	static struct history less;
	char other[PLAY_WHY];

	for (unsigned n = 0; history_less(h, n, &less); n++) {
		if (time(NULL) > until)
			return false;
		if (shrink_play(&less, other, NULL) || !same_kind(other, why))
			continue;
		*h = less;
		memcpy(why, other, PLAY_WHY);
		return true;
	}
	return false;
}

void
shrink(struct history *h, char why[PLAY_WHY], int seconds)
{
	time_t until = time(NULL) + seconds;

	while (smaller(h, why, until))
		;
}
