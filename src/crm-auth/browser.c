/* SPDX-License-Identifier: MIT */
/* browser: shows a person a page, where there is a screen. */
#include "auth.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../lib/clock.h"

extern char **environ;

#define PATIENCE 3000 /* ms in which it has failed if it fails */
#define PAUSE 20      /* ms between looks at whether it has ended */

static bool
has(const char *name)
{
	const char *value = getenv(name);

	return value && *value;
}

/* A browser, and whoever reports its failures, has no use for our secrets. */
static void
forget_ours(void)
{
	char name[CREDENTIALS_VARIABLE];
	size_t i = 0, len;

	while (environ[i]) {
		len = strcspn(environ[i], "=");
		if (strncmp(environ[i], "CRM_", 4) != 0 ||
		    len >= sizeof name) {
			i++;
			continue;
		}
		memcpy(name, environ[i], len);
		name[len] = '\0';
		unsetenv(name);
	}
}

/* It may go on for as long as the browser does, so it is nobody's child. */
static void
become(const char *url)
{
	int null = open("/dev/null", O_RDWR);

	if (null < 0 || dup2(null, 0) < 0 || dup2(null, 1) < 0 ||
	    dup2(null, 2) < 0 || setsid() < 0)
		_exit(126);
	forget_ours();
	execlp("xdg-open", "xdg-open", url, (char *)NULL);
	_exit(127);
}

/* It goes on, or ended well: the page is seen. */
static bool
is_seen(pid_t child)
{
	struct timespec pause = { 0, PAUSE * 1000000L };
	int64_t until = clock_monotonic() + PATIENCE;
	int status = 0;
	pid_t ended;

	do {
		nanosleep(&pause, NULL);
		ended = waitpid(child, &status, WNOHANG);
	} while (ended == 0 && clock_monotonic() < until && !run_stopping());
	return ended >= 0 && status == 0;
}

bool
browser_open(const char *url)
{
	pid_t child;

	if (!has("DISPLAY") && !has("WAYLAND_DISPLAY"))
		return false;
	child = fork();
	if (child == 0)
		become(url);
	return child > 0 && is_seen(child);
}
